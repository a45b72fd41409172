extension CardError {
    /// The line that is meant, where one is.
    public var line: Int? {
        switch self {
        case .unterminated(let line), .severalCards(let line), .malformedLine(let line),
            .nestedTooDeep(let line):
            line
        case .notACard, .noProperty, .tooLarge, .tooManyLines, .notUTF8, .controlCharacter: nil
        }
    }

    /// The same error with its lines counted in a file that has the card further down.
    ///
    /// - Parameter first: The card's first line in the file, counted from 1.
    /// - Returns: The error, for whoever looks into the file.
    public func counted(from first: Int) -> CardError {
        switch self {
        case .unterminated(let line): .unterminated(line: line + first - 1)
        case .severalCards(let line): .severalCards(line: line + first - 1)
        case .malformedLine(let line): .malformedLine(line: line + first - 1)
        case .nestedTooDeep(let line): .nestedTooDeep(line: line + first - 1)
        case .notACard, .noProperty, .tooLarge, .tooManyLines, .notUTF8, .controlCharacter: self
        }
    }
}
