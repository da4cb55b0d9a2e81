import Glibc

extension FileDescriptor {
  /// A config file of 10 000 profiles is 1 MB; what is larger than this is none.
  package static let largestFile = 32 << 20

  /// What the file at `path` holds; nil where there is none.
  package static func contents(ofFile path: String) throws(FileFailure) -> [UInt8]? {
    guard let file = FileDescriptor(unsafe open(path, O_RDONLY | O_CLOEXEC)) else {
      guard errno == ENOENT || errno == ENOTDIR else { throw .last }
      return nil
    }
    return try file.readAll(limit: largestFile)
  }
}
