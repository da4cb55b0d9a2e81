internal import FoundationEssentials
package import HTTP
internal import POSIX
package import Secrets

/// Where a container gets its credentials, as its environment variables say.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
package struct ContainerEndpoint: Equatable, Sendable {
  package let url: URLText

  /// A relative URI counts before a full one, as in botocore and the SDKs for Java and Rust.
  ///
  /// - Throws: `notInContainer`, `invalidURI`, `forbiddenURI`.
  package init(environment: [String: String]) throws(MachineError) {
    let (relative, full) = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if let path = environment[relative], !path.isEmpty {
      guard path.hasPrefix("/") else { throw .invalidURI(variable: relative, .host) }
      url = try Self.url("http://169.254.170.2" + path, of: relative)
    } else if let text = environment[full], !text.isEmpty {
      url = try Self.url(text, of: full)
      guard url.scheme == .https || url.isLoopback || url.isContainerAddress else { throw .forbiddenURI(url.text) }
    } else {
      throw .notInContainer
    }
  }

  private static func url(_ text: String, of variable: String) throws(MachineError) -> URLText {
    do throws(URLText.Fault) {
      return try URLText(strictly: text)
    } catch {
      throw .invalidURI(variable: variable, error)
    }
  }
}

// MARK: - Authorization

/// What a container identifies itself with: the text of a variable, or of a file that is rewritten from time to time.
package struct ContainerToken: ~Copyable, Sendable {
  package let bytes: SecretBytes

  private static let variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
  private static let fileVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
  /// Bytes; the token of a pod is a JWT.
  private static let limit = 20_000

  /// Nil if there is none. The file counts first; a line end after its token is not part of it.
  ///
  /// - Throws: `unreadableToken`, `unusableToken`.
  package static func of(_ environment: [String: String]) throws(MachineError) -> ContainerToken? {
    if let path = environment[fileVariable], !path.isEmpty {
      let content = try token(inFile: path)
      let token = content.clone(content.trimmedRange { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
      return try ContainerToken(token, from: fileVariable)
    }
    guard let token = environment[variable], !token.isEmpty else { return nil }
    return try ContainerToken(SecretBytes(copying: token), from: variable)
  }

  private init(_ bytes: consuming SecretBytes, from variable: String) throws(MachineError) {
    guard bytes.isHeaderValue else { throw .unusableToken(variable: variable) }
    self.bytes = bytes
  }

  /// What tells containers apart: the token of a pod is a JWT with its name.
  package var identity: [String] { IdentityToken(bytes)?.identity ?? [] }

  private static func token(inFile path: String) throws(MachineError) -> SecretBytes {
    do throws(FileFailure) {
      return try SecretBytes.contents(ofFile: path, limit: limit)
    } catch {
      throw .unreadableToken(path: path, error)
    }
  }
}

extension SecretBytes {
  /// Visible ASCII, with blanks inside.
  fileprivate var isHeaderValue: Bool {
    withBytes { bytes in
      !bytes.isEmpty && bytes[0] != 0x20 && bytes[bytes.count - 1] != 0x20
        && bytes.indices.allSatisfy { (0x20...0x7e).contains(bytes[$0]) }
    }
  }
}

// MARK: - Credentials

extension MachineClient {
  /// The credentials of the container that we run in; its clock is the machine's, so they are good now.
  package func credentials(
    from endpoint: ContainerEndpoint, _ token: borrowing ContainerToken?
  ) throws(MachineError) -> Credentials {
    let header = token.withValue { HTTPRequest.SecretHeader("Authorization", $0.bytes.clone()) }
    let request = HTTPRequest(
      method: .get, url: endpoint.url, headers: [HTTPRequest.Header("Accept", "application/json")],
      secretHeader: header)
    return try read(request) { response throws(MachineError) in try credentials(in: response) }
  }
}
