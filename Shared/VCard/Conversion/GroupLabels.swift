/// What Apple calls the properties of a group: `item1.X-ABLabel:_$!<Spouse>!$_`.
struct GroupLabels {
    /// The property that holds a group's label.
    static let name = "X-ABLABEL"

    private let labels: [String: String]
    /// How many properties each group has, its label not counted.
    private let members: [String: Int]

    init(_ lines: [ConversionLine]) {
        var labels: [String: String] = [:]
        var members: [String: Int] = [:]
        for line in lines {
            guard let group = line.group?.uppercased() else { continue }
            if line.name == Self.name {
                if labels[group] == nil { labels[group] = line.text }
            } else {
                members[group, default: 0] += 1
            }
        }
        self.labels = labels
        self.members = members
    }

    /// What a line's group is called.
    func label(of line: ConversionLine) -> String? {
        line.group.flatMap { labels[$0.uppercased()] }
    }

    /// Whether a line is its group's only one.
    func isAlone(_ line: ConversionLine) -> Bool {
        line.group.map { members[$0.uppercased()] == 1 } ?? true
    }

    /// Whether there is such a group.
    func has(_ group: String) -> Bool {
        labels[group.uppercased()] != nil || members[group.uppercased()] != nil
    }
}
