internal import POSIX

/// What is wrong with AWS's shared config and credentials files, or stood in the way of reading or changing them.
package enum ConfigError: Error, Equatable {
  /// `HOME` is not set, or is a path from the working folder, which may be anybody's; so the files' usual places are
  /// not known.
  case homeUnknown(String?)
  /// A path that a variable gives holds bytes that are not UTF-8; they are replaced in it.
  case pathNotText(String)
  case unreadable(file: String, errno: Int32)
  case malformed(Syntax, at: SourceLocation)
  /// A profile's name holds something else than letters, digits and `-_/.%@:+`.
  case invalidProfileName(String)
  /// A property that would not be read back as it was meant: by its key, or by line ends, comments or space in its value.
  case unwritableProperty(Setting)
  case profileExists(String, at: SourceLocation)
  case ssoSessionExists(String, at: SourceLocation)
  /// A header such as `[profile "name"]` spells the profile's name: the AWS CLI reads it, the SDKs do not.
  case quotedProfile(String, at: SourceLocation)
  /// A directory, device or socket stands where the file should be, or, if it is to be changed, a pipe.
  case notRegular(file: String)
  /// Nobody wrote to a pipe that stands there, or its writer did not come to an end.
  case silentPipe(file: String)
  /// Somebody else changed the file between reading it and replacing it.
  case modifiedConcurrently(file: String)
  /// Another daypass is changing a file in the same folder, and did not end in time.
  case busy(file: String)
  case unwritable(file: String, errno: Int32)
  /// The file's folder, or the one it would be made in, belongs to another user than us and root.
  case foreignFolder(file: String)

  /// What a line does wrong.
  package enum Syntax: Equatable, Sendable {
    /// Bytes that are not UTF-8, or a NUL.
    case notText
    case sectionNotClosed
    case outsideSection
    case continuationWithoutProperty
    case propertyWithoutEquals
    case propertyWithoutName
    case subPropertyWithoutEquals
    case subPropertyWithoutName
  }
}

// MARK: - Files

extension ConfigError {
  init(reading file: String, _ failure: FileFailure) {
    self =
      switch failure {
      case .call(let errno): .unreadable(file: file, errno: errno)
      case .notRegular: .notRegular(file: file)
      case .silent: .silentPipe(file: file)
      case .modifiedConcurrently: .modifiedConcurrently(file: file)
      case .busy: .busy(file: file)
      case .foreign: .foreignFolder(file: file)
      }
  }

  init(writing file: String, _ failure: FileFailure) {
    self =
      switch failure {
      case .call(let errno): .unwritable(file: file, errno: errno)
      case .notRegular, .silent, .modifiedConcurrently, .busy, .foreign: ConfigError(reading: file, failure)
      }
  }
}
