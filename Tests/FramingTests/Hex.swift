/// The bytes that a text of hexadecimal digits stands for; spaces and line ends do not count.
func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { index in
        UInt8(digits[index] << 4 | digits[index + 1])
    }
}
