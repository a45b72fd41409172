/// The version that the services tell of themselves.
public enum ServiceVersion {
    /// Of this build, as the package's changelog counts (deb-version(7), without a revision).
    public static let current = "0.1.0"
}
