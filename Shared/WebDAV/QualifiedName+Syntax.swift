extension QualifiedName {
    /// A name that came as text and not as an element: one that XML can be written with.
    ///
    /// - Returns: `nil` where the local name is no `NCName` (Namespaces in XML 1.0 §3), or where the
    ///   namespace is one that no element may declare.
    init?(namespace: String, text localName: String) {
        guard let first = localName.unicodeScalars.first, Self.mayBegin(first),
            localName.unicodeScalars.allSatisfy(Self.mayContain),
            !Self.reserved.contains(namespace)
        else { return nil }
        self.init(namespace, localName)
    }

    private static let reserved: Set<String> = [
        "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/",
    ]

    /// XML 1.0 (fifth edition) §2.3, `NameStartChar` without the colon.
    private static func mayBegin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF,
            0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF,
            0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF:
            true
        default: false
        }
    }

    /// XML 1.0 (fifth edition) §2.3, `NameChar` without the colon.
    private static func mayContain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: mayBegin(scalar)
        }
    }
}
