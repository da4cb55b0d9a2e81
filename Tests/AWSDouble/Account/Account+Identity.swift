import Crypto

extension Account {
  /// The ARN that GetCallerIdentity and AWS's messages use; nil when the user or role is gone.
  func arn(of identity: Identity) -> String? {
    switch identity {
    case .user(let name): self[user: name].map(arn(of:))
    case .role(let arn, let session): self[role: arn].map { assumedRoleARN($0, session: session) }
    }
  }

  /// `AIDA…`, or `AROA…:session-name`; the same at every start.
  func uniqueID(of identity: Identity) -> String {
    switch identity {
    case .user(let name): "AIDA" + Self.stableID(name)
    case .role(let arn, let session): "AROA" + Self.stableID(arn) + ":" + session
    }
  }

  func accountID(of identity: Identity) -> String {
    switch identity {
    case .user: id
    case .role(let arn, _): Self.accountID(ofARN: arn) ?? id
    }
  }

  private func assumedRoleARN(_ role: Role, session: String) -> String {
    "arn:\(partition):sts::\(Self.accountID(ofARN: role.arn) ?? id):assumed-role/\(role.name)/\(session)"
  }

  private static func accountID(ofARN arn: String) -> String? {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count > 4 ? String(parts[4]) : nil
  }

  private static func stableID(_ name: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    return String(SHA256.hash(data: Array(name.utf8)).prefix(17).map { alphabet[Int($0 & 31)] })
  }
}
