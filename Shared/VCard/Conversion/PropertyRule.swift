/// How one property is told in version 3.0 and in version 4.0.
struct PropertyRule: Sendable {
    /// Who sees what version 3.0 has for a property of 4.0.
    enum Standing: Sendable {
        /// The property is one of both versions, or of 3.0 only.
        case shared
        /// Clients of 3.0 know the form, show it and let their users take it away.
        case shown
        /// A client of 3.0 that keeps what it does not know hands the form back, and others drop it.
        case carried
        /// Version 3.0 has no form for it: it is left out there.
        case leftOut
    }

    /// The name in version 3.0, and in version 4.0.
    let name3: String
    let name4: String
    /// Who sees the form of 3.0.
    let standing: Standing
    /// Whether version 4.0 has the property once at most, so that only the first is converted.
    let isSingle: Bool
    /// What happens to parameters and value.
    let forms: [ValueForm]

    init(
        _ name3: String,
        _ name4: String,
        _ standing: Standing = .shared,
        isSingle: Bool = false,
        _ forms: ValueForm...
    ) {
        self.name3 = name3
        self.name4 = name4
        self.standing = standing
        self.isSingle = isSingle
        self.forms = forms
    }

    /// What becomes of a property that both versions have, under one name.
    init(_ name: String, _ forms: ValueForm...) {
        name3 = name
        name4 = name
        standing = .shared
        isSingle = false
        self.forms = forms
    }
}

/// What is done to a property's parameters and value on the way up to 4.0, and down to 3.0.
struct ValueForm: Sendable {
    let up: @Sendable (inout ConversionLine) -> Void
    let down: @Sendable (inout ConversionLine) -> Void
}
