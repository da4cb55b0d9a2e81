internal import Glibc
internal import POSIX

/// A folder for this user alone: `daypass` in `$XDG_RUNTIME_DIR`, which ends with the login, and where there is none in
/// `$XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory Specification).
///
/// It and the files in it are made for their owner only; what stands there already must be ours, and no link.
package struct RuntimeFolder: Sendable {
  private static let name = "daypass"
  /// Where it may be, the best first.
  private let places: [Place]

  /// A folder the user has, and what is made in it, each in the one before.
  private struct Place {
    let root: String
    let folders: [String]

    var path: String { ([root] + folders).joined(separator: "/") }
  }

  /// A variable that is empty, or no absolute path, counts as unset.
  package init(environment: [String: String]) {
    func place(_ variable: String, _ folders: [String]) -> Place? {
      guard let root = environment[variable], root.hasPrefix("/") else { return nil }
      return Place(root: root, folders: folders)
    }
    let cache = place("XDG_CACHE_HOME", [Self.name]) ?? place("HOME", [".cache", Self.name])
    places = [place("XDG_RUNTIME_DIR", [Self.name]), cache].compactMap { $0 }
  }

  /// Whether the file `name` is there.
  func has(_ name: String) -> Bool {
    places.contains { unsafe access("\($0.path)/\(name)", F_OK) == 0 }
  }

  /// The file `name`, open for reading and writing, made where it is missing.
  func file(_ name: String) throws(LockError) -> FileDescriptor {
    var failure = LockError.noFolder
    for place in places {
      do throws(FileFailure) {
        return try Self.file(name, in: place)
      } catch {
        failure = LockError(error, at: "\(place.path)/\(name)")
      }
    }
    throw failure
  }

  private static func file(_ name: String, in place: Place) throws(FileFailure) -> FileDescriptor {
    let file = try folder(at: place).open(name, O_RDWR | O_CREAT | O_NONBLOCK, mode: 0o600)
    let identity = try file.identity()
    guard identity.isRegular else { throw .notRegular }
    guard identity.isOurs else { throw .foreign }
    return file
  }

  private static func folder(at place: Place) throws(FileFailure) -> Directory {
    var folder = try Directory(itself: place.root)
    for name in place.folders {
      let identity = try folder.identity()
      guard identity.isOurs, !identity.isWritableByOthers else { throw .foreign }
      folder = try folder.directory(name)
    }
    let identity = try folder.identity()
    guard identity.isOurs, identity.isPrivate else { throw .foreign }
    return folder
  }
}
