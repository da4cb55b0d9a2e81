extension ConfigError {
  init(reading file: String, _ failure: FileFailure) {
    self =
      switch failure {
      case .call(let errno): .unreadable(file: file, errno: errno)
      case .notRegular: .notRegular(file: file)
      case .changedMeanwhile: .changedMeanwhile(file: file)
      case .busy: .busy(file: file)
      }
  }

  init(writing file: String, _ failure: FileFailure) {
    self =
      switch failure {
      case .call(let errno): .unwritable(file: file, errno: errno)
      case .notRegular, .changedMeanwhile, .busy: ConfigError(reading: file, failure)
      }
  }
}
