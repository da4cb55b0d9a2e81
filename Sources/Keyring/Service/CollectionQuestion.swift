/// How a collection is named: by a standard alias (`default`, `session`), or by its label or last path element.
enum CollectionName {
  case alias(String)
  case label(String)
}

/// The question where a collection is, sent to the service.
struct CollectionQuestion {
  private let name: CollectionName
  private let answer: PendingAnswer
  private let service: ServiceConnection

  init(_ name: CollectionName, to service: ServiceConnection) {
    self.name = name
    self.service = service
    answer =
      switch name {
      case .alias(let alias): service.ask(.readAlias, at: ServiceConnection.root, alias)
      case .label:
        service.ask(.getProperty, at: ServiceConnection.root, "org.freedesktop.Secret.Service", "Collections")
      }
  }

  /// Its object path; to be asked for once. Throws `.noCollection`.
  func path() throws(KeyringError) -> String {
    let answer = try answer.wait()?.value(0)
    switch name {
    case .alias(let alias):
      guard let path = answer?.text else { throw .service("ReadAlias gave something else than an object") }
      guard path != "/" else { throw .noCollection(alias) }
      return path
    case .label(let label):
      guard let path = try path(of: label, among: answer?.paths ?? []) else { throw .noCollection(label) }
      return path
    }
  }

  private func path(of label: String, among paths: [String]) throws(KeyringError) -> String? {
    if let path = paths.last(where: { $0.hasSuffix("/" + label) }) { return path }
    for path in paths.reversed() where try service.label(ofCollection: path) == label { return path }
    return nil
  }
}
