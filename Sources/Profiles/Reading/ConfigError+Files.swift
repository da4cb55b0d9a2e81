internal import Files

extension ConfigError {
  init(reading file: String, _ failure: FileFailure) {
    self =
      switch failure {
      case .call(let errno): .unreadable(file: file, errno: errno)
      case .notRegular: .notRegular(file: file)
      case .silent: .silentPipe(file: file)
      case .changedMeanwhile: .changedMeanwhile(file: file)
      case .busy: .busy(file: file)
      case .foreign: .foreignFolder(file: file)
      }
  }

  init(writing file: String, _ failure: FileFailure) {
    self =
      switch failure {
      case .call(let errno): .unwritable(file: file, errno: errno)
      case .notRegular, .silent, .changedMeanwhile, .busy, .foreign: ConfigError(reading: file, failure)
      }
  }
}
