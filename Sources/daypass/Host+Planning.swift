import AWSServices
import AWSValues
import FoundationEssentials
import Glibc
import Profiles
import Sessions

extension Host {
  /// What to do for credentials of a profile, decided from files, flags and environment alone.
  func plan(for profile: ProfileArgument, _ options: SessionOptions) throws -> CredentialPlan {
    // No session will do, so the key is needed whatever the plan.
    if options.withoutSession { store.prepareForOneQuestion() }
    return try planner(for: profiles(), options).plan(for: profile.name(in: environment))
  }

  /// Without options it plans what commands do that are given none.
  func planner(for profiles: ProfileSet, _ options: SessionOptions? = nil) throws -> CredentialPlanner {
    let wishes = PlanOptions(
      defaultSessionName: RoleSessionName(user: Self.userName, host: Self.hostName), duration: options?.duration,
      sessionTokenDuration: try environment.time("DAYPASS_SESSION_DURATION"),
      sessions: options?.withoutSession == true ? .skipped : .used, region: options?.region)
    return CredentialPlanner(
      profiles: profiles, environment: environment, options: wishes, partition: { Partition(region: $0).id })
  }

  /// The margin of a consumer, unless `DAYPASS_MIN_TTL` sets another.
  func margin(_ margin: SessionMargin) throws -> SessionMargin {
    guard let minimum = try environment.time("DAYPASS_MIN_TTL") else { return margin }
    return SessionMargin(timeLeft: TimeInterval(minimum.seconds), short: .refuse)
  }

  private static var hostName: String {
    var system = utsname()
    return unsafe uname(&system) == 0 ? String(nulTerminated: system.nodename) : "localhost"
  }

  private static var userName: String {
    guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
      return "uid\(getuid())"
    }
    return unsafe String(cString: name)
  }
}

extension String {
  /// The text of a fixed array of characters in a C struct.
  fileprivate init<Characters>(nulTerminated characters: Characters) {
    self = unsafe withUnsafeBytes(of: characters) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
