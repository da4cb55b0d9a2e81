import AWSServices
import AWSValues
import FoundationEssentials
import Glibc
import HTTP
import POSIX
import Processes
import Profiles
import Secrets
import Sessions

extension SourceError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .program(let origin, let error): error.message(of: origin)
    case .output(let origin, let error):
      .refused("\(origin.words) gave no credentials: \(error.words)", hint: "run its command by hand")
    case .version(let origin):
      .refused(
        "\(origin.words) printed an answer without \"Version\": 1, the only version there is",
        hint: "run its command by hand")
    case .notAToken(let name):
      .badConfig(
        "\(name.displayText()) gives no web identity token: that is a line of 4 to 20000 characters without blanks",
        hint: "see what writes it, and whether it runs")
    case .tokenFile(let path, let failure): failure.message(ofToken: path)
    case .expiredToken(let name, let end):
      .refused(
        "the web identity token of \(name.displayText()) expired at \(end.rfc3339)",
        hint: "whatever renews it has stopped: see what writes it")
    case .refusedToken(let name, let refusal): refusal.message(ofTokenIn: name)
    case .missingVariables(let names):
      .badConfig(
        "credential_source = Environment needs \(names.joined(separator: " and ")), not set in the environment",
        hint: "set them, or name another source")
    case .expired(let source, let end):
      .refused(
        "\(source.message) " + (end.map { "expired at \($0.rfc3339)" } ?? "have expired"), hint: source.kind.renewal)
    case .unusableEndpoint(let text, let fault): Self.unusable(endpoint: text, fault)
    }
  }

  private static func unusable(endpoint: String, _ fault: URLText.Fault?) -> ErrorMessage {
    let reason =
      fault?.words ?? "plain http is allowed for loopback, 169.254.169.254 and [fd00:ec2::254] only"
    return .badConfig(
      "the metadata endpoint '\(endpoint.displayText())' is unusable: \(reason)",
      hint: "check AWS_EC2_METADATA_SERVICE_ENDPOINT and ec2_metadata_service_endpoint")
  }
}

extension SourceName.Kind {
  /// What to do about credentials that have expired and are not ours to renew.
  fileprivate var renewal: String {
    switch self {
    case .environment: "set new ones in the environment, from where these came"
    case .instance, .container:
      "run the command again; if that does not help, check the clock and what gives the credentials"
    case .key, .identityCenter, .login, .webIdentity, .process: "run the command again"
    }
  }
}

// MARK: - Programs

extension ChildError {
  fileprivate func message(of origin: Origin) -> ErrorMessage {
    let inline = complaint.count == 1 ? ": \(complaint[0].displayText())" : ""
    var message = ErrorMessage("\(origin.words) \(words)\(inline)", hint: hint, status: status)
    if inline.isEmpty { message.quoted = complaint.map { $0.displayText() } }
    return message
  }

  private var hint: String {
    switch self {
    case .notFound: "install it, or write its full path"
    case .notStarted(let path, _): "check that the file can be run: ls -l \(path.shellWord)"
    case .timedOut: "run its command by hand; in a terminal it may take 5 minutes, without one 60 s"
    case .tooMuchOutput, .ended: "run its command by hand"
    }
  }

  private var status: ExitStatus {
    switch self {
    case .notFound, .notStarted: .badConfig
    case .timedOut: .tryAgain
    case .tooMuchOutput, .ended: .refused
    }
  }
}

extension CredentialsDocumentError {
  /// None of what was printed: it may be a secret.
  fileprivate var words: String {
    switch self {
    case .notJSON(0, _): "there is no output"
    case .notJSON(let bytes, .notWellFormed(let offset)):
      "its \(bytes) bytes are not JSON, from byte \(offset + 1) on"
    case .notJSON(let bytes, .tooLarge): "its \(bytes) bytes are JSON with too much in it"
    case .notAnObject(let bytes): "its \(bytes) bytes are not a JSON object"
    case .repeated(let name): "\(name.displayText(limit: 40)) is there twice"
    case .missing(let name): "the required key \(name) is missing"
    case .malformed(let name): "\(name) is malformed"
    case .expired(let end): "they expired at \(end.rfc3339)"
    }
  }
}

// MARK: - Console

extension ConsoleError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .noConsole(let partition): .usage("the console of the partition \(partition) is not public")
    case .notLoopback(let variable):
      .badConfig("the URL in \(variable) is not on a loopback address", hint: "unset it: it is for tests only")
    case .invalidPath(let path):
      .usage("'\(path.displayText())' is not a path of the console", hint: "like /s3/buckets")
    case .longTermKey:
      .usage(
        "these credentials are a long-term key, which the console does not take", hint: "use a profile with a role")
    case .refused(let status):
      .refused(
        "the console's sign-in refused the credentials (status \(status))",
        hint: "make new ones with --fresh; check that the region is that of the account's partition")
    case .unreadable(let status):
      .tryAgain(
        "the reply did not come from the console's sign-in (status \(status))",
        hint: "check the network and HTTPS_PROXY")
    }
  }
}

// MARK: - Web identity

extension FileFailure {
  fileprivate func message(ofToken path: String) -> ErrorMessage {
    let file = path.displayText()
    return switch self {
    case .call(EFBIG):
      .badConfig("\(file) holds more than a web identity token can be, 20000 bytes", hint: "check the path")
    case .call(let code):
      ErrorMessage(
        "cannot read the web identity token in \(file): \(String.systemError(code))",
        hint: "check the path, and its permissions: ls -l \(path.shellWord)",
        status: code == EACCES || code == EPERM ? .refused : .badConfig)
    case .silent:
      .badConfig("timed out waiting for a web identity token from the pipe \(file)", hint: "start what writes to it")
    case .notRegular, .foreign, .modifiedConcurrently, .busy:
      .badConfig(
        "\(file) is neither a regular file nor a pipe, so it holds no web identity token", hint: "check the path")
    }
  }
}

extension ServiceError {
  fileprivate func message(ofTokenIn name: String) -> ErrorMessage {
    let (words, hint) =
      switch code {
      case "AccessDenied":
        ("the role's trust policy does not allow", "check its Federated principal, and its conditions on sub and aud")
      case "IDPRejectedClaim", "IDPRejectedClaimException":
        ("the identity provider rejects the claims of", "check the token's audience, and the clock")
      default:
        (
          "AWS does not accept",
          "the role's account needs an IAM OIDC provider with the token's issuer and audience"
        )
      }
    return .refused(
      "\(words) the web identity token of \(name.displayText())\(Optional(self).quotedBehind)", hint: hint)
  }
}

// MARK: - Container and instance

extension MachineError: UserFacingError {
  var errorMessage: ErrorMessage { ErrorMessage(problem, hint: hint, status: status) }

  private var problem: String {
    switch self {
    case .notInContainer:
      "credential_source = EcsContainer needs AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, and neither is set"
    case .invalidURI(let variable, let fault): "\(variable) is unusable: \(fault.words)"
    case .forbiddenURI(let uri):
      "AWS_CONTAINER_CREDENTIALS_FULL_URI is '\(uri.displayText())': plain http that leaves the machine"
    case .unusableToken(let variable):
      "the authorization token of \(variable) contains characters that are not allowed in a header"
    case .unreadableToken(let path, .call(let code)):
      "cannot read the authorization token in \(path.displayText()): \(String.systemError(code))"
    case .unreadableToken(let path, _): "cannot read the authorization token in \(path.displayText())"
    case .unreachable(let service, let error): "\(service.words) gave no answer: \(error.errorMessage.problem)"
    case .refused(let service, let status, let message):
      "\(service.words) refused with status \(status)"
        + (message.isEmpty ? "" : ": \(message.displayText(limit: 1_000))")
    case .malformed(let service, let error): "\(service.words) gave no credentials: \(error.words)"
    case .metadataOff: "the instance's metadata service is switched off"
    case .oldMetadata: "the instance's metadata service does not know IMDSv2, the only version that daypass asks"
    case .noInstanceRole: "the instance has no role"
    }
  }

  private var hint: String? {
    switch self {
    case .notInContainer: "it is for containers of ECS, EKS and CodeBuild, where they are set"
    case .invalidURI: "like http://127.0.0.1:1338/credentials"
    case .forbiddenURI: "use https, loopback, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]"
    case .unusableToken, .unreadableToken: "see what sets the variable and writes the file"
    case .unreachable(.instance, _):
      "is this an EC2 instance? in a container on one, its answers need a hop limit of 2 (HttpPutResponseHopLimit)"
    case .unreachable(.container, _): "is the agent of ECS or EKS running?"
    case .refused(_, 500..., _): "try again in a minute"
    case .refused(_, 300..<400, _): "see what answers there"
    case .refused(.container, _, _): "check the role of the task, the pod or the build"
    case .refused(.instance, _, _): "check that the trust policy of its role names ec2.amazonaws.com"
    case .malformed: "see what answers there"
    case .metadataOff: "aws ec2 modify-instance-metadata-options --http-endpoint enabled --instance-id ID"
    case .oldMetadata: "see what answers there: AWS_EC2_METADATA_SERVICE_ENDPOINT"
    case .noInstanceRole: "attach an instance profile to it"
    }
  }

  private var status: ExitStatus {
    switch self {
    case .notInContainer, .invalidURI, .forbiddenURI, .unusableToken: .badConfig
    case .unreadableToken(_, .call(EACCES)): .refused
    case .unreadableToken: .badConfig
    case .unreachable: .tryAgain
    case .refused(_, let status, _): status >= 500 ? .tryAgain : .refused
    case .malformed: .failure
    case .metadataOff, .oldMetadata, .noInstanceRole: .refused
    }
  }
}

extension MachineService {
  fileprivate var words: String {
    switch self {
    case .container: "the container's credential endpoint"
    case .instance: "the instance's metadata service"
    }
  }
}
