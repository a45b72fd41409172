// libgit2 starts its network side with itself: as Debian builds it, it reads all certificates of the
// system (half of a backend's start, and 30 ms and more of it on a busy machine) and starts libssh2
// with its cryptography. It has no option to leave that out, and a store talks to nobody. So the two
// functions that it calls for this are answered here: the dynamic linker takes a symbol of the
// program before that of a library. No certificate is trusted then, should libgit2 ever be asked to
// connect. A libgit2 that is built otherwise asks for neither, and these lie idle.

/// Reads no certificates, where libgit2 would have mbedTLS read those of the system.
@_cdecl("mbedtls_x509_crt_parse_file")
public func readNoCertificates(
    _ chain: UnsafeMutableRawPointer?,
    _ path: UnsafePointer<CChar>?
) -> Int32 { 0 }

/// Starts nothing, where libgit2 would have libssh2 start.
@_cdecl("libssh2_init")
public func startNoSSH(_ flags: Int32) -> Int32 { 0 }
