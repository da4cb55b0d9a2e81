/// How an error travels from the worker to daypass.
extension KeyringError {
  private enum Tag: UInt8 {
    case noBus, unusableBus, noService, serviceEnded, noCollection, locked, dismissed, timedOut, plainTransport, damaged
    case ambiguous, notStored, tooLarge, libraryMissing, workerEnded, service, changed, noPrompter, notWritten
    case emptySecret
  }

  func encode(into frame: inout FrameWriter) {
    frame.append(tag.rawValue)
    switch self {
    case .noBus, .noService, .serviceEnded, .changed, .locked, .noPrompter, .dismissed, .plainTransport, .workerEnded,
      .emptySecret:
      break
    case .noCollection(let text), .service(let text): frame.append(text)
    case .damaged(let item), .notStored(let item): frame.append(item)
    case .tooLarge(let limit): frame.append(limit)
    case .unusableBus(let address, let reason):
      frame.append(address)
      frame.append(reason.rawValue)
    case .timedOut(let seconds, let unlocking):
      frame.append(seconds)
      frame.append(unlocking ? 1 as UInt8 : 0)
    case .ambiguous(let item, let paths):
      frame.append(item)
      frame.append(paths.count)
      for path in paths { frame.append(path) }
    case .notWritten(let item, let words):
      frame.append(item)
      frame.append(words)
    case .libraryMissing(let file, let package):
      frame.append(file)
      frame.append(package)
    }
  }

  init(from frame: inout FrameReader) throws(ChannelError) {
    guard let tag = Tag(rawValue: try frame.byte()) else { throw .malformed }
    switch tag {
    case .noBus: self = .noBus
    case .unusableBus: self = .unusableBus(address: try frame.text(), reason: try Self.reason(from: &frame))
    case .noService: self = .noService
    case .serviceEnded: self = .serviceEnded
    case .noCollection: self = .noCollection(try frame.text())
    case .locked: self = .locked
    case .dismissed: self = .dismissed
    case .timedOut: self = .timedOut(seconds: try frame.number(), unlocking: try frame.flag())
    case .plainTransport: self = .plainTransport
    case .damaged: self = .damaged(try frame.item())
    case .ambiguous:
      let item = try frame.item()
      var paths: [String] = []
      for _ in 0..<(try frame.number()) { paths.append(try frame.text()) }
      self = .ambiguous(item, paths: paths)
    case .notStored: self = .notStored(try frame.item())
    case .tooLarge: self = .tooLarge(limit: try frame.number())
    case .libraryMissing: self = .libraryMissing(try frame.text(), package: try frame.text())
    case .workerEnded: self = .workerEnded
    case .service: self = .service(try frame.text())
    case .emptySecret: self = .emptySecret
    case .changed: self = .changed
    case .noPrompter: self = .noPrompter
    case .notWritten: self = .notWritten(try frame.item(), try frame.text())
    }
  }

  private static func reason(from frame: inout FrameReader) throws(ChannelError) -> BusProblem {
    guard let reason = BusProblem(rawValue: try frame.text()) else { throw .malformed }
    return reason
  }

  private var tag: Tag {
    switch self {
    case .noBus: .noBus
    case .unusableBus: .unusableBus
    case .noService: .noService
    case .serviceEnded: .serviceEnded
    case .noCollection: .noCollection
    case .locked: .locked
    case .dismissed: .dismissed
    case .timedOut: .timedOut
    case .plainTransport: .plainTransport
    case .damaged: .damaged
    case .ambiguous: .ambiguous
    case .notStored: .notStored
    case .tooLarge: .tooLarge
    case .libraryMissing: .libraryMissing
    case .workerEnded: .workerEnded
    case .service: .service
    case .emptySecret: .emptySecret
    case .changed: .changed
    case .noPrompter: .noPrompter
    case .notWritten: .notWritten
    }
  }
}
