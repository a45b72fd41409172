import Testing

/// What only a real systemd shows. One system at a time: each boots in a second and needs the
/// processors for itself.
@Suite(
    .serialized,
    .enabled(if: Machine.obstacle == nil, "\(Machine.obstacle ?? "")")
)
enum UnderSystemd {}
