/// What is recorded of a call: never a secret, a token, a signature or an MFA code.
package struct RecordedCall: Codable, Equatable, Sendable {
  package var service: Service
  /// AWS's name of the call, or `unknown`.
  package var action: String
  /// The region of the credential scope.
  package var region: String?
  /// nil if unsigned, or signed with a key that nobody has.
  package var credentials: CredentialKind?
  /// The ARN that the access key id belongs to, whether or not the signature was right.
  package var principal: String?
  /// The parameters that say what was asked for.
  package var parameters: [String: String] = [:]
  package var hasMFACode = false
  /// `ok`, AWS's error code, or `not carried out` if a fault answered instead.
  package var outcome = "not carried out"
  /// The scripted fault that hit the call.
  package var fault: String?
}

// MARK: - Record

extension World {
  private static let harmless: Set<String> = [
    "RoleArn", "RoleSessionName", "DurationSeconds", "SerialNumber", "UserName", "MaxItems", "max-buckets", "prefix",
    "bucket-region", "AccessKeyId", "Status", "RoleName", "PolicyName", "VirtualMFADeviceName", "Path", "PathPrefix",
    "AssignmentStatus", "Policy", "SourceIdentity", "Name",
  ]

  /// What is known of a call before it is checked.
  func record(of request: WireRequest, _ operation: Result<Operation, Refusal>) -> RecordedCall {
    let authorization = request["authorization"].flatMap { Authorization($0) }
    var call = RecordedCall(service: Service(of: request, operation), action: "unknown")
    call.region = authorization?.scope.region
    let known = authorization.flatMap { caller(holding: $0.accessKeyID) }
    call.credentials = known?.kind
    call.principal = known.flatMap { account.arn(of: $0.identity) }
    if case .success(let operation) = operation {
      call.action = operation.action.rawValue
      call.parameters = operation.parameters.values.filter {
        Self.harmless.contains($0.key) || $0.key.contains(".member.")
      }
      call.hasMFACode =
        operation.parameters["TokenCode"] != nil
        || operation.parameters["AuthenticationCode1"] != nil
    }
    return call
  }

  private func caller(holding id: String) -> Caller? {
    if let session = sessions[id] { return Caller(identity: session.identity, kind: session.kind) }
    return account.owner(ofKey: id).map { Caller(identity: .user(name: $0.user.name), kind: .longTerm) }
  }
}
