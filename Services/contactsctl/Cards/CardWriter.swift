import Glibc
import Operating
import VCard

/// Writes cards in a form: one after the other into a file or standard output, or each into a file of
/// its own.
struct CardWriter {
    private let form: CardForm?
    /// The folder for files of single cards; `nil` where all go into one file.
    private let folder: String?
    private let file: OutputFile?
    private(set) var cards = 0
    /// How many cards could not be given in the form.
    private(set) var unconverted = 0
    private var made = Set<String>()

    init(_ output: String?, _ form: CardForm?) throws {
        self.form = form
        var status = stat()
        if let output,
            output.hasSuffix("/")
                || (stat(output, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR)
        {
            folder = output.hasSuffix("/") && output.count > 1 ? String(output.dropLast()) : output
            file = nil
        } else {
            folder = nil
            file = try OutputFile(output)
        }
    }

    private var isJSON: Bool { form == .jCard }

    mutating func write(_ card: ExportedCard) throws {
        guard let bytes = converted(card) else { return }
        if let folder {
            try StoreOwner.asCaller { try write(bytes, card, in: folder) }
        } else if isJSON {
            try file?.write(Array((cards == 0 ? "[" : ",\n").utf8) + bytes)
        } else {
            try file?.write(bytes.last == 0x0A ? bytes : bytes + [0x0D, 0x0A])
        }
        cards += 1
    }

    /// Ends the file and puts it in its place.
    func finish() throws {
        if isJSON { try file?.write(Array((cards == 0 ? "[]\n" : "]\n").utf8)) }
        try file?.finish()
    }

    /// A card in the form; what cannot be is named, and left out of jCard, which is one array.
    private mutating func converted(_ card: ExportedCard) -> [UInt8]? {
        guard let form else { return card.bytes }
        do {
            return try Card(parsing: card.bytes).rendered(as: form)
        } catch {
            unconverted += 1
            let instead = isJSON ? "left out" : "written as it is"
            Terminal.complain(
                "\(card.book)/\(card.name) cannot be converted, and is \(instead): \(error)"
            )
            return isJSON ? nil : card.bytes
        }
    }

    private mutating func write(_ bytes: [UInt8], _ card: ExportedCard, in folder: String) throws {
        let place = "\(folder)/\(card.book)"
        if made.insert(card.book).inserted {
            for path in [folder, place] where mkdir(path, 0o700) != 0 && errno != EEXIST {
                throw FileBytes.failure("make", path)
            }
        }
        var name = card.name
        if isJSON {
            name = (name.lowercased().hasSuffix(".vcf") ? String(name.dropLast(4)) : name) + ".json"
        }
        let file = try OutputFile("\(place)/\(name)", followsLinks: false)
        try file.write(bytes)
        try file.finish(isFlushed: false)
    }
}
