import AddressBooks
import WebDAV

/// How much room there is: RFC 4331, on every collection.
///
/// The limit told is the disk's, the one that writes meet in the end (507 `sufficient-disk-space`);
/// what is used counts all that draws on it, as §4 allows, and is asked of the file system: adding up
/// files would take a walk over the store.
enum QuotaProperties {
    static let all = [available, used]

    /// RFC 4331 §3.
    static let available = Property.text(
        .dav("quota-available-bytes"),
        isInAllprop: false
    ) { resource, context in
        guard resource.isCollection else { return nil }
        return context.diskSpace().map { String($0.availableBytes) }
    }

    /// RFC 4331 §4.
    static let used = Property.text(
        .dav("quota-used-bytes"),
        isInAllprop: false
    ) { resource, context in
        guard resource.isCollection else { return nil }
        return context.diskSpace().map { String($0.usedBytes) }
    }
}
