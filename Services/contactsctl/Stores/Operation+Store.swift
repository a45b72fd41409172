import Operating

extension Operation {
    /// Whether a store is made for it where there is none.
    var makesStore: Bool {
        switch self {
        case .addBook, .importCards(_, isRehearsal: false): true
        case .listBooks, .removeBook, .importCards, .exportCards, .verify: false
        }
    }
}
