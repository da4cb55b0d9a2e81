internal import Glibc

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

  /// A path that is not absolute counts as none.
  package init(environment: [String: String]) {
    let cache = environment["XDG_CACHE_HOME"]
    let candidates = [
      (environment["XDG_RUNTIME_DIR"], [Self.name]), (cache, [Self.name]),
      (cache == nil ? environment["HOME"] : nil, [".cache", Self.name]),
    ]
    places = candidates.compactMap { root, folders in
      guard let root, root.hasPrefix("/") else { return nil }
      return Place(root: root, folders: folders)
    }
  }

  /// Whether the file `name` is there.
  func has(_ name: String) -> Bool {
    places.contains { unsafe access("\($0.path)/\(name)", F_OK) == 0 }
  }

  /// The file `name`, open for reading and writing, made where it is missing.
  func file(_ name: String) throws(LockError) -> OpenFile {
    let file = try open().open(name, O_RDWR | O_CREAT | O_NONBLOCK)
    guard file.isRegular, file.isOurs else { throw .foreign(path: file.path) }
    return file
  }

  /// The first folder that can be had; throws why the last could not.
  private func open() throws(LockError) -> OpenFile {
    var failure = LockError.noFolder
    for place in places {
      do throws(LockError) {
        return try Self.open(place)
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private static func open(_ place: Place) throws(LockError) -> OpenFile {
    var folder = try OpenFile(place.root, O_RDONLY | O_DIRECTORY)
    for name in place.folders {
      guard folder.isOurs, !folder.isWritableByOthers else { throw .foreign(path: folder.path) }
      try folder.makeFolder(name)
      folder = try folder.open(name, O_RDONLY | O_DIRECTORY)
    }
    guard folder.isOurs, folder.isPrivate else { throw .foreign(path: folder.path) }
    return folder
  }
}
