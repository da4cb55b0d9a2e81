internal import AWSValues
internal import HTTP
package import Secrets

/// The access portal of IAM Identity Center: which accounts and roles a user may use, and credentials for them.
/// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/
package struct SSO {
  private let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  /// Credentials of a role, for as long as its permission set says.
  /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
  package func roleCredentials(
    account: String, role: String, token: borrowing SecretBytes
  ) throws(AWSError) -> Credentials {
    let call = AWSCall(
      reading: .sso, "GetRoleCredentials", path: "federation/credentials",
      query: [("role_name", role), ("account_id", account)], .json)
    return try response(to: call, token).roleCredentials(of: account, by: client)
  }

  /// The accounts that the user may use, in the order of the portal.
  /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html
  package func accounts(token: borrowing SecretBytes) throws(AWSError) -> [SSOAccount] {
    try list("ListAccounts", "assignment/accounts", token: token) { page throws(AWSError) in try page.accounts() }
  }

  /// The names of the roles that the user may use in an account.
  /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html
  package func roles(account: String, token: borrowing SecretBytes) throws(AWSError) -> [String] {
    try list("ListAccountRoles", "assignment/roles", [("account_id", account)], token: token) {
      page throws(AWSError) in try page.roleNames()
    }
  }

  /// Ends the session; credentials it gave stay valid until they expire.
  /// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html
  package func logOut(token: borrowing SecretBytes) throws(AWSError) {
    let call = AWSCall(.sso, "Logout", path: "logout", json: SecretBytes(), .idempotent)
    _ = try response(to: call, token)
  }

  private func list<Item>(
    _ action: String, _ path: String, _ query: [(name: String, value: String)] = [], token: borrowing SecretBytes,
    _ read: (borrowing AWSResponse) throws(AWSError) -> [Item]
  ) throws(AWSError) -> [Item] {
    try client.list { marker in
      let page = [(name: "max_result", value: "100")] + (marker.map { [("next_token", $0)] } ?? [])
      return AWSCall(reading: .sso, action, path: path, query: query + page, .json)
    } respond: { (call, end) throws(AWSError) in
      try response(to: call, token, until: end)
    } read: { page throws(AWSError) in
      (try read(page), try page.optionalText("nextToken"))
    }
  }

  private func response(
    to call: borrowing AWSCall, _ token: borrowing SecretBytes, until end: ContinuousClock.Instant? = nil
  ) throws(AWSError) -> AWSResponse {
    try client.response(to: call, until: end) { _ in
      HTTPRequest.SecretHeader("x-amz-sso_bearer_token", token.clone())
    }
  }
}

/// An account as the portal lists it.
package struct SSOAccount: Equatable, Sendable {
  package let id: String
  /// Nil if the portal does not tell.
  package let name: String?
  package let email: String?
}

extension AWSResponse {
  fileprivate func roleCredentials(of account: String, by client: AWSClient) throws(AWSError) -> Credentials {
    let place = try element("roleCredentials")
    let id: AccessKeyID = try value("accessKeyId", in: place)
    let expiration = try dateInMilliseconds("expiration", in: place)
    guard expiration > client.time else { throw malformed("expiration \(expiration.rfc3339) has passed") }
    return Credentials(
      accessKeyID: id.text, secretAccessKey: try secret("secretAccessKey", in: place),
      sessionToken: try secret("sessionToken", in: place),
      expiration: expiration.addingTimeInterval(-client.clockOffset), account: account)
  }

  fileprivate func accounts() throws(AWSError) -> [SSOAccount] {
    try list("accountList").map { place throws(AWSError) in
      let id: AccountID = try value("accountId", in: place)
      return SSOAccount(
        id: id.text, name: try optionalText("accountName", in: place),
        email: try optionalText("emailAddress", in: place))
    }
  }

  fileprivate func roleNames() throws(AWSError) -> [String] {
    try list("roleList").map { place throws(AWSError) in
      let name: RoleName = try value("roleName", in: place)
      return name.text
    }
  }
}
