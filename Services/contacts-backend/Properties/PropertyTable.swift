import WebDAV

/// All live properties, each once.
enum PropertyTable {
    /// Every property, in the order that `allprop` and `propname` tell them.
    static let all: [Property] =
        CoreProperties.all + PrincipalProperties.all + AccessProperties.all
        + BookPropertiesTable.all + QuotaProperties.all + [MeCard.property]
        + AddMemberProperty.all

    /// The properties by name.
    static let live: [QualifiedName: Property] = Dictionary(
        all.map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first }
    )
}
