import AWSServices
import AWSValues
import HTTP

extension AWSError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .endpoint(let error): error.errorMessage
    case .signing(let error): error.errorMessage
    case .http(let error): error.errorMessage
    case .service(let error): error.errorMessage
    case .notAWS(let answer): answer.errorMessage
    case .malformed(let call, let element):
      .failure("AWS's reply to \(call) is unusable: \(element.displayText())", hint: "run the command again")
    case .otherRole(let asked, let received):
      .failure(
        "asked for \(asked.displayText()), but AWS returned \(received.displayText()): not used",
        hint: "check role_arn and the endpoint")
    case .listTooLong(let call):
      .failure(
        "AWS's list for \(call) does not end within 1000 pages, 32 MiB and a minute",
        hint: "check AWS_ENDPOINT_URL and HTTPS_PROXY")
    case .libraryMissing(let library): library.errorMessage
    }
  }
}

extension UnrecognizedResponse {
  fileprivate var errorMessage: ErrorMessage {
    let type = contentType ?? "no content type"
    let excerpt = start.isEmpty ? "" : ": \(start)"
    return .tryAgain(
      "the reply did not come from AWS: status \(status), \(type)\(excerpt)",
      hint: "a proxy or a login page of the network may have answered; check HTTPS_PROXY and AWS_ENDPOINT_URL")
  }
}

// MARK: - Endpoint error

extension EndpointError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .missingRegion:
      .badConfig("no region is known", hint: "give --region eu-west-1, or write region = eu-west-1 into the profile")
    case .invalidRegion(let region):
      .badConfig("'\(region.displayText())' is not a region", hint: "regions look like eu-west-1")
    case .invalidURL(let fault):
      .badConfig("an endpoint is unusable: \(fault.words)", hint: "check AWS_ENDPOINT_URL and endpoint_url")
    case .urlWithQuery:
      .badConfig("an endpoint is unusable: it has a query", hint: "check AWS_ENDPOINT_URL and endpoint_url")
    case .insecureURL(let url):
      .badConfig(
        "the endpoint '\(url.displayText())' is plain http, which is allowed for loopback addresses only",
        hint: "use https, or http://127.0.0.1:PORT")
    case .fipsWithCustomEndpoint(let url):
      .badConfig(
        "the endpoint '\(url.displayText())' cannot be used with FIPS endpoints",
        hint: "unset use_fips_endpoint or the endpoint")
    case .dualStackWithCustomEndpoint(let url):
      .badConfig(
        "the endpoint '\(url.displayText())' cannot be used with dual-stack endpoints",
        hint: "unset use_dualstack_endpoint or the endpoint")
    case .fipsNotSupported(let partition):
      .badConfig(
        "S3 has no FIPS endpoints in the partition \(partition.displayText())", hint: "unset use_fips_endpoint")
    }
  }
}

// MARK: - IAM refusal

extension IAMRefusal {
  fileprivate var errorMessage: ErrorMessage {
    switch self {
    case .noSuchEntity:
      .refused(
        "nothing with that name exists in AWS",
        hint: "check the name; what was made just now can take a minute to be seen")
    case .entityAlreadyExists:
      .refused(
        "something with that name already exists in AWS", hint: "choose another name, or remove the one that is there")
    case .deleteConflict:
      .refused(
        "AWS deletes nothing that something is still attached to",
        hint: "remove its keys, MFA devices and policies first")
    case .limitExceeded:
      .refused(
        "AWS's limit for them is reached",
        hint: "remove one that is no longer used: a user has two access keys at most")
    case .temporarilyUnmodifiable:
      .tryAgain("AWS is still processing the previous change", hint: "try again in a minute")
    case .malformedPolicy:
      .refused("AWS rejected the policy", hint: "a user made just now can take a minute to be seen: try again")
    }
  }
}

// MARK: - Service error

extension ServiceError {
  /// What AWS's refusal means, with its code, its own words and the request id.
  var errorMessage: ErrorMessage {
    let refusal = meaning == .clockSkew(offset: clockOffset) ? nil : oauthError.flatMap(LoginRefusal.init)
    var message = refusal?.errorMessage ?? messageOfMeaning
    message.problem += quotedBehind
    return message
  }

  /// AWS's code, its own words and the request id, in brackets after ours.
  fileprivate var quotedBehind: String {
    let request = requestID.map { ", request id \($0)" } ?? ""
    let words = message.isEmpty ? "" : ": \(message.hasSuffix(".") ? message.dropLast() : message[...])"
    return " (\(code)\(words)\(request))"
  }

  private var messageOfMeaning: ErrorMessage {
    switch meaning {
    case .wrongMFACode:
      .refused("AWS refused the MFA code", hint: "a code works once: wait for the next one and try again")
    case .unknownMFADevice:
      .refused("AWS does not know the MFA device for this user", hint: "check mfa_serial: aws iam list-mfa-devices")
    case .accessDenied: .refused("AWS denied access", hint: deniedHint)
    case .expiredSession:
      .refused("the session has expired", hint: "daypass clear --all, then run the command again")
    case .unknownKey:
      .refused(
        "AWS does not accept the access key: it is unknown, inactive or deleted, or needs an MFA session here",
        hint: "daypass list shows the keys; daypass add PROFILE --force stores a new one")
    case .signatureMismatch:
      .refused(
        "the secret access key is wrong for this key ID", hint: "daypass add PROFILE --force stores the right one")
    case .clockSkew(let offset):
      .tryAgain(Messages.clock(isOffBy: offset), hint: "set it: sudo timedatectl set-ntp true")
    case .regionDisabled:
      .refused(
        "STS is not active in this region for the account",
        hint: "choose another with --region us-east-1, or activate it in the account's settings")
    case .throttled: .tryAgain("AWS asks to slow down", hint: "try again in a minute")
    case .validation: .failure("AWS rejected the request as invalid", hint: validationHint)
    case .iam(let refusal): refusal.errorMessage
    case .unavailable: .tryAgain("AWS is not available at the moment", hint: "try again in a minute")
    case .other:
      .refused(
        "AWS refused",
        hint: oauthError.map { _ in "try again; if that does not help, check sso_start_url and sso_region" })
    }
  }

  private var deniedHint: String {
    if let action = ["sts:TagSession", "sts:SetSourceIdentity"].first(where: message.contains) {
      return "allow \(action) in the role's trust policy, or leave out what needs it"
    }
    if message.contains("no session policy allows") {
      return "these credentials are narrowed, by an option or daypass_scope; daypass explain says by which"
    }
    if message.contains("sts:AssumeRole") {
      return "check that the role trusts this user, and whether its trust asks for MFA (mfa_serial) or an external_id"
    }
    return message.contains("no identity-based policy allows")
      ? "attach a policy that allows it to this user or role"
      : "the policy may ask for MFA: set mfa_serial in the profile, and leave out --no-session"
  }

  private var validationHint: String {
    if message.contains("DurationSeconds") { return "choose a shorter --duration or duration_seconds" }
    if message.contains("valid region") { return "check the region: --region, AWS_REGION and the profile's" }
    return "check role_arn, mfa_serial and external_id, and --policy-arn and --tag if there are any"
  }
}

extension ServiceError? {
  /// Nothing if AWS has said nothing.
  var quotedBehind: String { self?.quotedBehind ?? "" }
}
