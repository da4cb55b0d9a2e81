import Glibc

/// A disk that takes nothing more, mounted over the folder of keyrings for the daemon alone.
package enum KeyringDisk: CaseIterable, Sendable {
  case full, readOnly

  /// Whether mounts of our own can be made here: as root, or where unprivileged user namespaces are allowed.
  package static let canBeMounted: Bool = {
    let folder = ScratchFolder()
    return Installed.has("unshare")
      && ChildProcess.run(
        ["unshare"] + namespace + ["mount", "-t", "tmpfs", "tmpfs", folder.path], environment: [:]
      ).status == 0
  }()

  func command(folder: String, running program: [String]) -> [String] {
    ["unshare"] + Self.namespace + ["sh", "-ec", script + "exec \"$@\"", folder] + program
  }

  private static let namespace = geteuid() == 0 ? ["-m"] : ["--user", "--map-current-user", "--keep-caps", "--mount"]

  private var script: String {
    switch self {
    case .full:
      """
      cp -a "$0" "$0.copy"
      mount -t tmpfs -o size=32k,mode=700 tmpfs "$0"
      cp -a "$0.copy/." "$0"
      dd if=/dev/zero of="$0/filler" bs=1k 2>/dev/null || true

      """
    case .readOnly:
      """
      mount --bind "$0" "$0"
      mount -o remount,bind,ro "$0"

      """
    }
  }
}
