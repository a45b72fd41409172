import CCrypt

/// Password hashes that are cheap to check.
public enum TestHash {
    /// A yescrypt hash of the lowest cost.
    public static func cheap(_ password: String) -> String {
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        data.initialize(to: crypt_data())
        defer { data.deallocate() }
        let setting = "$y$j75$Tests1TestsTests2Tests/"
        return crypt_r(password, setting, data).map { String(cString: $0) } ?? ""
    }
}
