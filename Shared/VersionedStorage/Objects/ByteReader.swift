/// Bytes being put together, numbers big-endian.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: [UInt8]) { bytes += value }

    mutating func append(name: some Collection<UInt8>) {
        append(UInt16(name.count))
        bytes += name
    }
}

/// Reads numbers and names out of bytes that may be anything.
struct ByteReader<Bytes: Collection<UInt8>> {
    private var rest: Bytes.SubSequence

    init(_ bytes: Bytes) { rest = bytes[...] }

    mutating func bytes(_ count: Int) throws(StorageError) -> [UInt8] {
        guard count <= rest.count else { throw StorageError.damaged("bytes that end too early") }
        let taken = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        return taken
    }

    mutating func byte() throws(StorageError) -> UInt8 { try integer() }
    mutating func half() throws(StorageError) -> UInt16 { try integer() }
    mutating func word() throws(StorageError) -> UInt32 { try integer() }
    mutating func double() throws(StorageError) -> UInt64 { try integer() }

    mutating func integer<Value: FixedWidthInteger>() throws(StorageError) -> Value {
        try bytes(Value.bitWidth / 8).reduce(Value.zero) { $0 << 8 | Value($1) }
    }

    mutating func name() throws(StorageError) -> [UInt8] { try bytes(Int(half())) }

    mutating func id() throws(StorageError) -> ObjectID {
        guard let id = ObjectID(bytes: try bytes(ObjectID.byteCount)) else {
            throw StorageError.damaged("bytes that end too early")
        }
        return id
    }

    func end() throws(StorageError) {
        guard rest.isEmpty else { throw StorageError.damaged("bytes with more behind them") }
    }
}
