import AWSValues
import Profiles

extension SessionScope {
  var words: String { name.map { " narrowed to \($0.displayText())" } ?? "" }
}

extension CredentialPlan {
  /// What the user may not expect of what narrows the credentials.
  var scopeWarnings: [String] {
    var warnings: [String] = []
    if case .federationToken(let step) = steps.last {
      let device = step.unscoped.device.map { "; no code of \($0.text.displayText()) goes with it" } ?? ""
      warnings.append("GetFederationToken gives no access to IAM, and to STS only for whoami\(device)")
    }
    if let length = scope.policy?.text.unicodeScalars.count, length > SessionScope.documentedPolicyLength {
      warnings.append(
        "the policy has \(length) characters, and AWS may refuse more than \(SessionScope.documentedPolicyLength)")
    }
    return warnings
  }
}

// MARK: - Faults

extension ScopeFault {
  var problem: String {
    switch self {
    case .cannotNarrow(let origin, let source?):
      "\(origin.words) cannot be honoured: credentials from \(source.words) take no policies or tags"
    case .cannotNarrow(let origin, nil):
      "\(origin.words) cannot be honoured: a key without a role takes only tags, together with a policy"
    case .conflict(let origin, let other): "\(origin.words) cannot be combined with \(other.words)"
    case .invalidPolicy(let fault, let origin): "the policy of \(origin.words) \(fault.words)"
    case .tooMany(let count, let limit, let origin): "\(origin.words) has \(count) values: AWS allows \(limit)"
    case .repeatedTag(let origin): "\(origin.words) has a tag twice: AWS tells keys apart without case"
    }
  }

  var hint: String {
    switch self {
    case .cannotNarrow(_, .some): "assume a further role: a profile with role_arn, and source_profile = this one"
    case .cannotNarrow(_, nil): "name a profile with role_arn, or give --read-only as well"
    case .conflict(_, .option("--no-session")): "leave out --no-session: the key itself cannot be narrowed"
    case .conflict: "leave out one: AWS would allow what either of them allows"
    case .invalidPolicy: "write one as for IAM: {\"Version\": \"2012-10-17\", \"Statement\": [...]}"
    case .tooMany, .repeatedTag: "leave some out"
    }
  }

  var origin: Origin {
    switch self {
    case .cannotNarrow(let origin, _), .conflict(let origin, _), .invalidPolicy(_, let origin),
      .tooMany(_, _, let origin), .repeatedTag(let origin):
      origin
    }
  }
}

extension PolicyFault {
  fileprivate var words: String {
    switch self {
    case .notJSON(let line, let column): "is not a JSON object: line \(line), column \(column)"
    case .noStatement: "has no Statement"
    case .character(let scalar, let line, let column):
      "has U+\(String(scalar.value, radix: 16, uppercase: true)) in line \(line), column \(column), which AWS allows in no policy"
    }
  }
}
