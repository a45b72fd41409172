/// A table of a bounded size that forgets what was not asked for longest, roughly: it keeps two halves,
/// the younger of which takes what is used, and drops the older one when the younger is full.
///
/// Nothing is ever gone through: a request costs the same whatever the table holds.
struct RecentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let half: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    /// - Parameter maximum: The most entries that are kept; at least 2.
    init(maximum: Int) {
        half = maximum / 2
    }

    /// How many entries there are at the most just now.
    var count: Int { young.count + old.count }

    /// The value of a key, which is used by that.
    subscript(_ key: Key) -> Value? {
        mutating get {
            if let value = young[key] { return value }
            guard let value = old[key] else { return nil }
            put(value, for: key)
            return value
        }
        set {
            old[key] = nil
            if let newValue { put(newValue, for: key) } else { young[key] = nil }
        }
    }

    /// Forgets everything.
    mutating func removeAll() {
        young = [:]
        old = [:]
    }

    private mutating func put(_ value: Value, for key: Key) {
        if young.count >= half, young[key] == nil {
            old = young
            young = [:]
        }
        old[key] = nil
        young[key] = value
    }
}
