import ArgumentParser
import Settings

/// `contactsctl dns`: what tells clients where a domain's contacts are.
struct DNS: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dns",
        abstract: "Prints the DNS records by which clients find the server (RFC 6764).",
        discussion: """
            A client that knows no more than alice@example.com asks the domain example.com for these \
            records. They are printed as lines of a zone file, for each host of each instance, or, \
            with --domain, at a domain that leads to the instance's first host. A host of another \
            name than the domain needs an address (A, AAAA) of its own. Whether they are there: \
            dig +short SRV _carddavs._tcp.example.com.

            EXAMPLES
              contactsctl dns
              contactsctl dns work --domain example.com

            JSON
              [{"instance": text, "name": text, "ttl": number, "type": "SRV" or "TXT",
                "data": text}, …]
            """
    )

    @OptionGroup var places: Places

    @Option(help: "The domain of people's addresses, for one instance; each host without it.")
    var domain: String?

    @Option(help: "The port that speaks HTTPS.")
    var port: UInt16 = 443

    @Option(help: "The port that speaks HTTP without TLS; none without it.")
    var plainPort: UInt16?

    @Option(help: "How long others may remember the records, in seconds.")
    var ttl = 3_600

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: "The instance; each without it.", completion: Completion.instances)
    var instance: String?

    func validate() throws {
        guard (0...2_147_483_647).contains(ttl) else {
            throw ValidationError("--ttl is a number of seconds (RFC 2181 §8)")
        }
        if let domain, ServiceRecords.name(domain) == nil {
            throw ValidationError("\(domain) is no name of a domain")
        }
    }

    func run() throws {
        let wanted = try instance.map { [try places.instance($0)] }
        let instances = try wanted ?? places.contacts().instances
        if domain != nil, instances.count != 1 {
            throw ValidationError("--domain is for one instance: name it")
        }
        var rows: [(instance: String, record: ServiceRecord)] = []
        for instance in instances {
            let hosts = instance.vhosts.filter { ServiceRecords.name($0) != nil }
            for host in instance.vhosts where ServiceRecords.name(host) == nil {
                Terminal.complain("\(instance.name): \(host) is no name that DNS could lead to")
            }
            let ports = ServiceRecords.Ports(secure: port, plain: plainPort)
            let targets =
                domain == nil ? hosts.map { ($0, $0) } : hosts.prefix(1).map { (domain ?? $0, $0) }
            for (name, host) in targets {
                let records = ServiceRecords.all(at: name, leadingTo: host, ports, ttl: ttl)
                rows += records.map { (instance.name, $0) }
            }
        }
        if json {
            Terminal.say(JSON.lines(rows.map { $0.record.json($0.instance) }))
        } else {
            for row in rows { Terminal.say(row.record.text) }
        }
        if rows.isEmpty {
            throw CommandFailure(message: "no instance has a host that DNS could name")
        }
    }
}
