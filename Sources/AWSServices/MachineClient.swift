internal import AWSValues
package import HTTP
package import POSIX
internal import Secrets

/// Who gives credentials to the machine or the container that we run on, without TLS and at an address of its own.
package enum MachineService: Equatable, Sendable {
  /// The agent of ECS, EKS or CodeBuild.
  case container
  /// The metadata service of an EC2 instance.
  case instance
}

/// Why the machine or the container that we run on gave no credentials.
package enum MachineError: Error, Equatable {
  /// No variable says where a container's credentials are.
  case notInContainer
  case invalidURI(variable: String, URLText.Fault)
  /// Plain http to an address that is neither loopback nor one of AWS's own for this.
  case forbiddenURI(String)
  /// The authorization token contains characters that a header cannot; it comes from a variable, or the file that it names.
  case unusableToken(variable: String)
  /// The file that the variable names cannot be read.
  case unreadableToken(path: String, FileFailure)
  case unreachable(MachineService, HTTPError)
  /// Its answer, with what it says about it.
  case refused(MachineService, status: Int, message: String)
  case malformed(MachineService, CredentialsDocumentError)
  /// The metadata service is switched off for this instance.
  case metadataOff
  /// The metadata service knows no sessions (IMDSv2).
  case oldMetadata
  /// The instance has no role.
  case noInstanceRole
}

// MARK: - Client

/// Asks a service of the machine, and soon again if it has trouble: it is near, and answers fast or not at all.
package struct MachineClient {
  private let service: MachineService
  private let transport: any HTTPTransport
  private let polling: PollingPolicy

  /// - Parameter transport: goes to metadata addresses without TLS, and by no proxy.
  package init(_ service: MachineService, transport: any HTTPTransport, pause: @escaping (Duration) -> Void) {
    self.service = service
    self.transport = transport
    polling =
      switch service {
      case .container: PollingPolicy(limit: 2, step: 1, pause: pause)
      case .instance: PollingPolicy(pauses: Array(repeating: .milliseconds(500), count: 3), pause: pause)
      }
  }

  /// Sends `request` until what comes can be read, or trying again is of no use.
  func read<Result: ~Copyable>(
    _ request: borrowing HTTPRequest, _ read: (borrowing HTTPResponse) throws(MachineError) -> Result
  ) throws(MachineError) -> Result {
    try polling.retry({ () throws(MachineError) in try read(send(request)) }, while: { $0.mayPass })
  }

  private func send(_ request: borrowing HTTPRequest) throws(MachineError) -> HTTPResponse {
    do throws(HTTPError) { return try transport.send(request) } catch { throw .unreachable(service, error) }
  }

  /// The credentials in a response that has some.
  func credentials(in response: borrowing HTTPResponse) throws(MachineError) -> Credentials {
    guard response.status == 200 else { throw refusal(response) }
    do throws(CredentialsDocumentError) {
      let document = try CredentialsDocument(response.body)
      if try document.text("Code") ?? "Success" == "Success" {
        return try document.credentials(token: "Token", "SessionToken")
      }
    } catch {
      throw .malformed(service, error)
    }
    throw refusal(response)
  }

  func refusal(_ response: borrowing HTTPResponse) -> MachineError {
    var message = ""
    do throws(CredentialsDocumentError) { message = try CredentialsDocument(response.body).message } catch {}
    return .refused(service, status: response.status, message: message)
  }
}

extension CredentialsDocument {
  /// `CODE: MESSAGE`, or the one of them that there is.
  fileprivate var message: String {
    [literal("Code"), literal("Message")].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": ")
      .displayText(limit: 1_000)
  }
}

extension MachineError {
  /// Whether the same request may succeed a moment later.
  fileprivate var mayPass: Bool {
    switch self {
    case .unreachable(_, let error): error.isTransient
    case .refused(_, let status, _): status >= 500
    case .malformed(_, .notJSON), .malformed(_, .notAnObject): true
    case .malformed, .notInContainer, .invalidURI, .forbiddenURI, .unusableToken, .unreadableToken, .metadataOff,
      .oldMetadata, .noInstanceRole:
      false
    }
  }
}
