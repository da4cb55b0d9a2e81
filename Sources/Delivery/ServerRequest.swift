internal import AWSValues
import CLinux
internal import FoundationEssentials
import Glibc
internal import POSIX
package import Secrets
internal import Synchronization

/// What daypass asks of the credential server that it becomes.
///
/// It goes through a pipe as JSON, since neither arguments nor files may hold credentials. The server is a program of its
/// own because its HTTP library would cost every start of daypass 0.2 to 0.3 ms.
package struct ServerRequest: Sendable {
  package let use: Use
  package let profiles: [ServedProfile]
  /// Whether each request is logged.
  package let logging: Logging

  package enum Use: Equatable, Sendable {
    /// Serve a command, the rest of the arguments, for as long as it runs.
    case command
    /// Print the variables, and serve until a signal or until nobody has asked for this many seconds.
    case printed(ExportFormat, idleSeconds: Int?)
  }

  package enum Logging: String, Sendable { case none, requests }

  package init(_ use: Use, _ profiles: [ServedProfile], logging: Logging) {
    (self.use, self.profiles, self.logging) = (use, profiles, logging)
  }
}

/// A profile whose credentials are served.
package final class ServedProfile: Sendable {
  package let name: String
  /// What prints its credentials, as a `credential_process` does, if options and its name follow.
  package let renewal: [String]
  /// What clients get beside the credentials: the region and the like.
  package let variables: [(name: String, value: String)]
  private let credentials: Mutex<Credentials?>

  package init(
    _ name: String, renewal: [String], variables: [(name: String, value: String)], credentials: consuming Credentials
  ) {
    (self.name, self.renewal, self.variables) = (name, renewal, variables)
    self.credentials = Mutex(credentials)
  }

  /// The first credentials, once: nobody is to keep them longer than their server does.
  package func takeCredentials() -> Credentials? { credentials.withLock { $0.take() } }
}

// MARK: - JSON

extension ServerRequest {
  func json() throws(DeliveryError) -> SecretBytes {
    var json = SecretBytes()
    json.append("{\"logging\": \(logging.rawValue.jsonString)")
    if case .printed(let format, let idleSeconds) = use {
      json.append(", \"format\": \(format.rawValue.jsonString)")
      if let idleSeconds { json.append(", \"idle\": \(idleSeconds)") }
    }
    json.append(", \"profiles\": [")
    for (index, profile) in profiles.enumerated() {
      json.append(index == 0 ? "" : ", ")
      try profile.append(to: &json)
    }
    json.append("]}")
    return json
  }

  /// Nil for what daypass does not write.
  package init?(json: borrowing SecretBytes) {
    do { self.init(try SecretDocument(json: json)) } catch { return nil }
  }

  private init?(_ document: borrowing SecretDocument) {
    guard let logging = Logging(rawValue: document.text(at: "logging") ?? "") else { return nil }
    var profiles: [ServedProfile] = []
    for place in document.elements(at: "profiles/member") {
      guard let profile = ServedProfile(document, at: place) else { return nil }
      profiles.append(profile)
    }
    let format = document.text(at: "format").map { ExportFormat(rawValue: $0) }
    switch format {
    case nil: self.init(.command, profiles, logging: logging)
    case .some(nil): return nil
    case let format??:
      self.init(
        .printed(format, idleSeconds: document.text(at: "idle").flatMap { Int($0) }), profiles, logging: logging)
    }
  }
}

extension ServedProfile {
  fileprivate func append(to json: inout SecretBytes) throws(DeliveryError) {
    let variables = variables.map { "{\"name\": \($0.name.jsonString), \"value\": \($0.value.jsonString)}" }
    json.append("{\"name\": \(name.jsonString), \"renewal\": [\(renewal.map(\.jsonString).joined(separator: ", "))]")
    json.append(", \"variables\": [\(variables.joined(separator: ", "))], \"credentials\": ")
    if let credentials = takeCredentials() { json.append(try CredentialProcessDocument.render(credentials)) }
    json.append("}")
  }

  fileprivate convenience init?(_ document: borrowing SecretDocument, at place: SecretDocument.Place) {
    guard let name = document.text(at: "name", in: place),
      let credentials = Credentials(document, at: document.elements(at: "credentials", in: place).first ?? place)
    else { return nil }
    let renewal = document.elements(at: "renewal/member", in: place).map { document.text(at: $0) }
    let variables = document.elements(at: "variables/member", in: place).map { variable in
      (document.text(at: "name", in: variable) ?? "", document.text(at: "value", in: variable) ?? "")
    }
    self.init(name, renewal: renewal, variables: variables, credentials: credentials)
  }
}

extension Credentials {
  /// What `CredentialProcessDocument` has written; nil unless all is there that a client of a server needs.
  package init?(printed json: borrowing SecretBytes) {
    do { self.init(try SecretDocument(json: json), at: SecretDocument.root) } catch { return nil }
  }

  fileprivate init?(_ document: borrowing SecretDocument, at place: SecretDocument.Place) {
    guard let id = document.text(at: "AccessKeyId", in: place),
      let secret = document.elements(at: "SecretAccessKey", in: place).first,
      let token = document.elements(at: "SessionToken", in: place).first,
      let expiration = document.text(at: "Expiration", in: place).flatMap({ Date(rfc3339: $0) })
    else { return nil }
    self.init(
      accessKeyID: id, secretAccessKey: document.secret(at: secret), sessionToken: document.secret(at: token),
      expiration: expiration, account: document.text(at: "AccountId", in: place))
  }
}

// MARK: - Server program

/// The program `daypass-server`: beside ours, as in a build, or else in libexec.
package struct ServerProgram {
  private let path: String

  /// Our own program, which the server starts to renew credentials.
  package let daypass: String

  /// - Throws: `serverMissing`.
  package init() throws(DeliveryError) {
    daypass = ProcessStart.program
    let folder = daypass.split(separator: "/").dropLast()
    let installed = "/" + (folder.dropLast() + ["libexec", "daypass", "daypass-server"]).joined(separator: "/")
    let built = "/" + (folder + ["daypass-server"]).joined(separator: "/")
    guard let path = [built, installed].first(where: Self.isUsable) else {
      throw .serverMissing(path: installed)
    }
    self.path = path
  }

  /// A program of somebody else may be there if daypass was unpacked below a folder that everybody can write to.
  private static func isUsable(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && [0, geteuid()].contains(status.st_uid) && access(path, X_OK) == 0
  }

  /// Becomes the server; returns only by throwing.
  ///
  /// - Throws: `serverNotStarted`, or `unusableValue` for a damaged credential.
  package func become(
    handing request: ServerRequest, for command: [[UInt8]], from start: ProcessStart
  ) throws(DeliveryError) -> Never {
    let pipe = try Self.pipe(holding: request.json())
    let arguments = CStringVector([Array("daypass-server".utf8), Array(String(pipe.readEnd.number).utf8)] + command)
    let variables = CStringVector(start.environment.entries)
    start.state.restore()
    unsafe arguments.withPointers { arguments in
      unsafe variables.withPointers { variables in unsafe _ = execve(path, arguments, variables) }
    }
    throw .serverNotStarted(errno: errno)
  }

  /// A pipe from which the bytes can be read, also by the program that we become.
  private static func pipe(holding bytes: borrowing SecretBytes) throws(DeliveryError) -> Pipe {
    guard let pipe = Pipe() else { throw .serverNotStarted(errno: errno) }
    // Nobody reads while we write, so the pipe has to hold it all; it begins with 64 KB.
    if bytes.count > 65_536 { _ = fcntl(pipe.writeEnd.number, linux_set_pipe_size, Int32(clamping: bytes.count)) }
    let count = bytes.withBytes {
      unsafe $0.withUnsafeBytes { unsafe write(pipe.writeEnd.number, $0.baseAddress, $0.count) }
    }
    guard count == bytes.count, fcntl(pipe.readEnd.number, F_SETFD, 0) == 0 else {
      throw .serverNotStarted(errno: errno)
    }
    return pipe
  }
}
