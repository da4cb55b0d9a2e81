/// The variables a worker may see. Everything else stays out: `SECRET_BACKEND` and its kin would make libsecret keep keys
/// elsewhere, GLib's debugging variables would print them, its module variables would load code.
struct WorkerEnvironment {
  let variables: [String: String]

  private static let allowed: Set<String> = [
    "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "HOME", "USER", "DISPLAY", "WAYLAND_DISPLAY",
    "XAUTHORITY", "LANG",
    "LANGUAGE", "DAYPASS_COLLECTION",
  ]

  init(of environment: [String: String]) {
    variables = environment.filter { Self.allowed.contains($0.key) || $0.key.hasPrefix("LC_") }
  }

  /// As execve(2) takes them.
  var entries: [String] { variables.map { $0.key + "=" + $0.value } }
}
