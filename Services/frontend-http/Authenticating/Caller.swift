import Access
import Glibc

/// Who asks, and what the credentials are good for.
struct Caller: Sendable {
    let user: UserDirectory.User
    let scope: Scope

    /// What may be done at an instance with these credentials.
    func rights(instance: String) -> Authorization {
        user.rules.authorization(instance: instance).limited(by: scope, instance: instance)
    }
}

/// A moment on both clocks: that of waiting, which never jumps, and that of the calendar.
struct Moment: Sendable {
    var instant: ContinuousClock.Instant
    /// Seconds since 1 January 1970.
    var seconds: Int

    static var now: Moment { Moment(instant: .now, seconds: time(nil)) }
}
