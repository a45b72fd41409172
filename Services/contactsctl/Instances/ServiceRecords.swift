/// One record of a zone.
struct ServiceRecord: Equatable {
    let name: String
    let ttl: Int
    let type: String
    let data: String

    /// The record as a line of a zone file (RFC 1035 §5.1).
    var text: String { "\(name)\t\(ttl)\tIN\t\(type)\t\(data)" }

    func json(_ instance: String) -> JSON.Value {
        .members([
            "instance": .text(instance), "name": .text(name), "ttl": .number(ttl),
            "type": .text(type), "data": .text(data),
        ])
    }
}

/// The records by which a client finds CardDAV in a domain (RFC 6764 §3, §4).
enum ServiceRecords {
    /// Where a host speaks HTTP.
    struct Ports {
        /// With TLS.
        let secure: UInt16
        /// Without; `nil` for not at all.
        let plain: UInt16?
    }

    /// A domain or a host as a zone file names it, with the root's dot; `nil` for what is no name: a
    /// host that stands for all, an address.
    static func name(_ text: String) -> String? {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                    default: false
                    }
                }
        }
        let isAddress = labels.last?.utf8.allSatisfy { (0x30...0x39).contains($0) } ?? true
        return isName && !isAddress && text.utf8.count <= 253 ? "\(text)." : nil
    }

    /// All records of a domain.
    ///
    /// A service that is not offered has the target `.`: a client then asks no further (RFC 2782,
    /// "Target"). The TXT record spares it the request for the well-known URI (RFC 6764 §4).
    static func all(
        at domain: String,
        leadingTo host: String,
        _ ports: Ports,
        ttl: Int
    ) -> [ServiceRecord] {
        guard let domain = name(domain), let host = name(host) else { return [] }
        let secure = "_carddavs._tcp.\(domain)"
        let plain = "_carddav._tcp.\(domain)"
        func record(_ name: String, _ type: String, _ data: String) -> ServiceRecord {
            ServiceRecord(name: name, ttl: ttl, type: type, data: data)
        }
        let path = "\"path=/dav/\""
        var records = [
            record(secure, "SRV", "0 1 \(ports.secure) \(host)"), record(secure, "TXT", path),
        ]
        if let port = ports.plain {
            // Whoever has the choice takes TLS: the lower number comes first.
            records += [record(plain, "SRV", "10 1 \(port) \(host)"), record(plain, "TXT", path)]
        } else {
            records.append(record(plain, "SRV", "0 0 0 ."))
        }
        return records
    }
}
