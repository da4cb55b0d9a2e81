package import AWSServices
package import AWSValues
package import FoundationEssentials

/// A proof on a real account that MFA protection works, after AWS's code examples.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
package enum Scenario: String, CaseIterable, Sendable {
  /// A user's policy that asks for MFA, satisfied by GetSessionToken.
  case sessionToken = "session-token"
  /// A role that trusts a user only with MFA, satisfied by AssumeRole.
  case assumeRole = "assume-role"
}

// MARK: - Check

/// A call that shows whether AWS enforces MFA.
package enum Check: String, CaseIterable, Sendable {
  case identity = "caller-identity"
  case buckets = "list-buckets-without-mfa"
  case role = "assume-role-without-mfa"
  case session = "session-with-mfa"
  case sessionIdentity = "caller-identity-with-mfa"
  case bucketsWithMFA = "list-buckets-with-mfa"
  /// Once more without MFA: the session has shown that the policies are in force, so they cause this denial.
  case bucketsAfterwards = "list-buckets-without-mfa-afterwards"

  package var expectation: Expectation {
    switch self {
    case .buckets, .role, .bucketsAfterwards: .denied
    case .identity, .sessionIdentity: .identity
    case .session: .session
    case .bucketsWithMFA: .allowed
    }
  }

  package enum Expectation: String, Sendable {
    case identity
    case denied
    case session
    case allowed
  }
}

/// A change in IAM that becomes visible some seconds later.
package enum Condition: String, Sendable {
  case user
  case key
  case role
  case trust
  case permission
}

// MARK: - Finding

/// The result of a check.
package struct Finding: Equatable, Sendable {
  package let check: Check
  package let outcome: Outcome

  package enum Outcome: Equatable, Sendable {
    case identity(arn: String, expected: String)
    case denied(ServiceError)
    case buckets([String])
    case session(expiration: Date?)
  }

  package var holds: Bool {
    switch (check.expectation, outcome) {
    case (.identity, .identity(let arn, let expected)): arn == expected
    case (.denied, .denied), (.allowed, .buckets): true
    case (.session, .session(let expiration)): expiration != nil
    case (.identity, _), (.denied, _), (.allowed, _), (.session, _): false
    }
  }
}

// MARK: - Resource

/// What a run creates in IAM, with all that belongs to it: a user with keys and policies, a role with policies.
package enum Resource: Equatable, Sendable {
  case user(UserName)
  case role(RoleName)
  /// `owner` is the user to whom it may be assigned.
  case device(MFADevice, owner: UserName?)

  /// The last segment of its ARN.
  package var name: String {
    switch self {
    case .user(let name): name.text
    case .role(let name): name.text
    case .device(let device, _): device.name
    }
  }
}

// MARK: - Scenario error

/// Why a scenario proves nothing.
package enum ScenarioError: Error, Equatable {
  /// AWS did something other than it should.
  case expectationFailed(Check)
  /// AWS did not show `fact` in this many seconds.
  case notSeen(Condition, seconds: Int)
  /// AWS accepted none of the codes; its last answer.
  case codesRefused(tries: Int, ServiceError?)
  /// A signal arrived that ends us.
  case interrupted
  /// The caller's ARN, or one derived from it, is not valid in IAM.
  case unusableARN(String)
  /// Resources that could not be removed, or not be confirmed to be gone.
  case remains([Resource])
}

// MARK: - Scenario event

/// What a run reports while it goes on.
package enum ScenarioEvent: Sendable {
  case made(Resource)
  case deviceEnabled
  case keyMade
  case policyWritten
  case waiting(Condition, share: Double)
  case seen(Condition)
  /// An automatic run waits for its device's next code.
  case waitingForCode(until: Date)
  case codeCame
  case found(Finding)
  case removing
  case removed(Resource)
  case notRemoved(Resource, any Error)
}

// MARK: - Scenario names

/// The names of a run's resources: our prefix and the run's own suffix, which is also the value of the tag.
package struct ScenarioNames: Equatable, Sendable {
  package static let prefix = "daypass-scenario-"
  package static let tagKey = "daypass-scenario"

  package let run: String
  package let user: UserName
  package let role: RoleName
  package let device: MFADeviceName
  package let policy: PolicyName
  package let session: RoleSessionName

  /// Nil if `run` contains what AWS does not accept in a name.
  package init?(run: String) {
    let name = Self.prefix + run
    guard let user = UserName(name), let role = RoleName(name), let device = MFADeviceName(name),
      let policy = PolicyName(name), let session = RoleSessionName(name)
    else { return nil }
    (self.run, self.user, self.role, self.device) = (run, user, role, device)
    (self.policy, self.session) = (policy, session)
  }

  package var tags: [Tag] { [Tag(key: Self.tagKey, value: run)] }

  /// The run to which a resource's name and tags belong; nil if either is not ours.
  static func run(ofName name: String, tags: [Tag]) -> String? {
    guard name.hasPrefix(prefix) else { return nil }
    let run = String(name.dropFirst(prefix.count))
    return tags.contains(Tag(key: tagKey, value: run)) ? run : nil
  }
}

// MARK: - Scenario report

/// What a run found, and what became of its resources.
package struct ScenarioReport: Sendable {
  package let scenario: Scenario
  package let names: ScenarioNames
  package internal(set) var findings: [Finding] = []
  /// When the session with MFA ends.
  package internal(set) var expiration: Date?
  package internal(set) var teardown = Teardown.Result()
  /// What stopped the run; nil if every expectation held.
  package internal(set) var failure: (any Error)?
}
