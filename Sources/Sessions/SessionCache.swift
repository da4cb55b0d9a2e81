package import FoundationEssentials
internal import Glibc
internal import Hashing
internal import Keyring
internal import POSIX
package import Profiles
package import Secrets

/// Sessions kept in memory until they expire.
///
/// A forgotten session stays forgotten: if another process asked AWS for it before it was forgotten and receives it
/// afterwards, it is not cached.
package struct SessionCache {
  private let store: any SessionStore
  private let folder: RuntimeFolder?
  private let now: @Sendable () -> Date

  /// `folder` is where processes tell each other what was forgotten; nil if sessions are not shared.
  package init(store: any SessionStore, folder: RuntimeFolder?, now: @escaping @Sendable () -> Date) {
    self.store = store
    self.folder = folder
    self.now = now
  }

  /// The session of this digest with enough time left; an expired or damaged one is removed.
  package func session(of digest: PlanDigest, margin: SessionMargin) throws -> Credentials? {
    guard let session = try load(digest.text) else { return nil }
    let about = session.about
    guard margin.allows(issued: about.issued, expiration: about.expiration, at: now()) else { return nil }
    return session.credentials.clone()
  }

  /// The current end of the log. Call this before reading anything that a session is made with.
  package func logPosition() -> ForgottenSessions.Position {
    openLog().withValue { $0.end } ?? ForgottenSessions.Position(offset: 0)
  }

  /// - Parameter position: where the log ended before the session was asked for.
  /// - Throws: `SessionError.forgottenMeanwhile`, and what the store throws.
  package func save(
    _ session: borrowing CachedSession, of digest: PlanDigest, since position: ForgottenSessions.Position
  ) throws {
    let log = try lockedLog()
    guard log.withValue({ $0.isSilent(about: session.about.scopes, since: position) }) ?? true else {
      throw SessionError.forgottenMeanwhile
    }
    let lifetime = Duration.seconds(session.about.expiration.timeIntervalSince(now()))
    try store.save(session.payload(), named: digest.text, lifetime: lifetime)
  }

  /// Removes the session whose key is `accessKeyID`; another one, which another process has cached meanwhile, stays.
  package func remove(_ digest: PlanDigest, accessKeyID: String) throws {
    guard let session = try load(digest.text), session.credentials.accessKeyID == accessKeyID else { return }
    try store.remove(all: [digest.text])
  }

  /// What is cached and has not expired.
  package func all() throws -> [CachedSession.About] {
    try entries().map(\.about).sorted { $0.expiration < $1.expiration }
  }

  /// Forgets sessions, also those that other processes are asking for; returns what was there.
  @discardableResult
  package func forget(_ scope: ForgottenSessions.Scope) throws -> [CachedSession.About] {
    let log = try lockedLog()
    let doomed = try entries().filter { $0.about.scopes.contains(scope) }
    // Last: a process that begins after this reads nothing that was forgotten.
    defer { log.withValue { $0.append(scope) } }
    try store.remove(all: doomed.map(\.name))
    return doomed.map(\.about)
  }

  private func lockedLog() throws -> ForgottenSessions? {
    guard let log = openLog() else { return nil }
    try log.lock()
    return log
  }

  /// Nil if there is no folder for it; then a session that was forgotten may be kept.
  private func openLog() -> ForgottenSessions? {
    guard let folder else { return nil }
    do { return try ForgottenSessions(in: folder) } catch { return nil }
  }

  private func entries() throws -> [(name: String, about: CachedSession.About)] {
    try store.names().compactMap { name in try load(name).withValue { (name, $0.about) } }
  }

  /// A session from the future was cached while the clock was ahead, so its expiration is too late by the same amount.
  private static let clockChange: TimeInterval = 60

  /// Nil if there is none that could be used; what has expired, is damaged or comes from the future is removed.
  private func load(_ name: String) throws -> CachedSession? {
    do {
      guard let payload = try store.payload(named: name) else { return nil }
      let session = try CachedSession(payload: payload)
      if session.about.expiration > now(), session.about.issued <= now() + Self.clockChange { return session }
    } catch is PayloadError {
      // Nothing is lost: a session can be asked for again.
    } catch let error as SecretStoreError where error.meansUnusableItem {}
    discard(name)
    return nil
  }

  /// A failure is ignored: the entry is found again next time, and is no reason to withhold credentials.
  private func discard(_ name: String) {
    do { try store.remove(all: [name]) } catch {}
  }
}

// MARK: - Forgotten sessions

/// The log of what was forgotten: a file in the runtime folder with one line for each time, locked while a session is kept
/// or forgotten. Without it a process that has asked for a session before it was forgotten would keep it after.
package struct ForgottenSessions: ~Copyable {
  private let file: FileDescriptor
  private let path: String

  /// Which sessions.
  package enum Scope: Equatable {
    case all
    /// The sessions that started with a source.
    case from(SourceName)
    /// The sessions of a source and a role, or of the source's own identity if there is no role.
    case of(role: String?, from: SourceName)

    /// A name may hold anything.
    fileprivate var line: String {
      switch self {
      case .all: "all"
      case .from(let source): "\(source.kind.rawValue) \(Digest.hex(Array(source.name.utf8)))"
      case .of(let role, let source): "\(Self.from(source).line) role \(role ?? "")"
      }
    }
  }

  /// A place in the log.
  package struct Position: Equatable, Sendable {
    fileprivate let offset: Int
  }

  private static let name = "sessions.lock"
  /// Bytes. A longer log is truncated; sessions that were asked for before that count as forgotten.
  private static let limit = 1 << 16
  /// Longer than a keyring takes to store a session, in seconds.
  private static let timeout = 30

  fileprivate init(in folder: RuntimeFolder) throws(LockError) {
    file = try folder.file(Self.name)
    path = folder.path(of: Self.name) ?? Self.name
  }

  fileprivate func lock() throws(LockError) {
    do throws(FileFailure) {
      try file.lock(for: .seconds(Self.timeout))
    } catch {
      throw error == .busy ? .timedOut : LockError(error, at: path)
    }
  }

  fileprivate var end: Position { seekToEnd() }

  @discardableResult
  private func seekToEnd() -> Position { Position(offset: max(0, Int(lseek(file.number, 0, SEEK_END)))) }

  /// Whether the log says nothing about these sessions since then; a log that is shorter was truncated.
  fileprivate func isSilent(about scopes: [Scope], since position: Position) -> Bool {
    guard position.offset <= end.offset, lseek(file.number, off_t(position.offset), SEEK_SET) >= 0 else { return false }
    do throws(FileFailure) {
      let text = String(decoding: try file.readAll(limit: Self.limit), as: UTF8.self)
      return text.split(separator: "\n").allSatisfy { line in !scopes.contains { $0.line == line } }
    } catch {
      return false
    }
  }

  fileprivate func append(_ scope: Scope) {
    if seekToEnd().offset > Self.limit { ftruncate(file.number, 0) }
    seekToEnd()
    do { try file.writeAll(Array("\(scope.line)\n".utf8)) } catch {}
  }
}

// MARK: - Cached session

/// A session as the cache keeps it: the credentials and what `list` and `clear` need to know of them.
package struct CachedSession: ~Copyable {
  static let version: UInt8 = 3

  package let credentials: Credentials
  package let about: About

  /// What is known of a session without its secrets.
  package struct About: Equatable, Sendable {
    /// What it started with.
    package var source: SourceName
    /// The role it was assumed for, or `ACCOUNT/ROLE` of Identity Center; nil for a session of the source's own identity.
    package var role: String?
    /// The MFA device whose code it was made with.
    package var device: String?
    /// What narrows it, in a word; nil if it may do all that its role or user may.
    package var scope: String?
    package var issued: Date
    package var expiration: Date

    /// What it can be forgotten by.
    fileprivate var scopes: [ForgottenSessions.Scope] { [.all, .from(source), .of(role: role, from: source)] }
  }
}

extension CachedSession {
  /// Throws `PayloadError` for anything that `payload` did not make.
  init(payload: borrowing SecretBytes) throws {
    var reader = try PayloadReader(payload)
    guard reader.version == Self.version else { throw PayloadError.unknownVersion(reader.version) }
    let accessKeyID = try reader.nextText()
    let secret = try reader.next()
    let token = try reader.next()
    let about = try About(reading: &reader)
    let account = try reader.nextTextIfAny()
    try reader.finish()
    let credentials = Credentials(
      accessKeyID: accessKeyID, secretAccessKey: secret, sessionToken: token, expiration: about.expiration,
      account: account)
    self.init(credentials: credentials, about: about)
  }

  func payload() -> SecretBytes {
    var writer = PayloadWriter(version: Self.version)
    writer.append(credentials.accessKeyID)
    writer.append(credentials.secretAccessKey)
    credentials.sessionToken.withValue { writer.append($0) }
    about.write(to: &writer)
    writer.append(credentials.account ?? "")
    return writer.sealed()
  }
}

extension PayloadReader {
  /// An absent text is written as an empty one: none of them can be empty.
  fileprivate mutating func nextTextIfAny() throws(PayloadError) -> String? {
    let text = try nextText()
    return text.isEmpty ? nil : text
  }
}

extension CachedSession.About {
  fileprivate init(reading reader: inout PayloadReader) throws(PayloadError) {
    guard let kind = SourceName.Kind(rawValue: try reader.nextText()) else { throw .malformed }
    source = SourceName(kind, try reader.nextText())
    role = try reader.nextTextIfAny()
    device = try reader.nextTextIfAny()
    scope = try reader.nextTextIfAny()
    issued = try reader.nextDate()
    expiration = try reader.nextDate()
  }

  fileprivate func write(to writer: inout PayloadWriter) {
    writer.append(source.kind.rawValue)
    writer.append(source.name)
    writer.append(role ?? "")
    writer.append(device ?? "")
    writer.append(scope ?? "")
    writer.append(String(Int(issued.timeIntervalSince1970)))
    writer.append(String(Int(expiration.timeIntervalSince1970)))
  }
}
