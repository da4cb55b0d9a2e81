import FoundationEssentials

/// Where one signs in to the console with credentials, as strict as AWS's: only sessions of roles and of
/// GetFederationToken are taken, and a duration only for a role that was assumed with a key.
extension World {
  /// Nil for a request that is for another service.
  mutating func federationReply(to request: WireRequest) -> Reply? {
    switch "\(request.method) \(request.path)" {
    case "\(consoleSignIn.federationMethod) /federation" where Self.asksForToken(request):
      .answer(dated(signInToken(request)))
    case "POST /federation": .answer(dated(WireResponse(405, type: "text/html", "not here")))
    case "GET /federation": .answer(dated(consolePage(request)))
    case "GET /oauth": .answer(dated(signOut(request)))
    default: nil
    }
  }

  private static func form(of request: WireRequest) -> String {
    request.method == "GET" ? request.query : String(decoding: request.body, as: UTF8.self)
  }

  private static func asksForToken(_ request: WireRequest) -> Bool {
    form(of: request).hasPrefix("Action=getSigninToken")
  }

  private mutating func signInToken(_ request: WireRequest) -> WireResponse {
    guard request.method == "GET" || request["content-type"] == "application/x-www-form-urlencoded",
      request["authorization"] == nil, let form = try? Parameters(form: Self.form(of: request)),
      form["Action"] == "getSigninToken",
      Set(form.values.keys).isSubset(of: ["Action", "Session", "SessionDuration"]),
      let fields = try? JSONDecoder().decode([String: String].self, from: Data((form["Session"] ?? "").utf8)),
      Set(fields.keys) == ["sessionId", "sessionKey", "sessionToken"],
      let session = sessions[fields["sessionId"] ?? ""], session.secret == fields["sessionKey"],
      session.token == fields["sessionToken"], session.expiration > now
    else { return Self.refused("Invalid credentials parameter") }
    let asked = form["SessionDuration"]
    consoleSignIn.calls.append("getSigninToken with \(session.kind.rawValue)\(asked.map { " for \($0)" } ?? "")")
    guard [.roleSession, .federated].contains(session.kind) else { return Self.refused("Session not valid") }
    if let asked {
      let isAllowed = session.kind == .roleSession && !session.isChained && !consoleSignIn.refusesSessionDuration
      guard isAllowed, let seconds = Int(asked), (900...43_200).contains(seconds) else {
        return Self.refused("SessionDuration not allowed")
      }
    }
    let token = "VCQ" + RandomText.letters(60, of: RandomText.base32)
    consoleSignIn.signInTokens[token] = account.arn(of: session.identity) ?? ""
    return WireResponse(200, type: "text/html", "{\"SigninToken\":\"\(token)\"}")
  }

  private mutating func consolePage(_ request: WireRequest) -> WireResponse {
    guard let form = try? Parameters(form: request.query), form["Action"] == "login", form["Issuer"] == "daypass",
      let page = form["Destination"], page.hasPrefix("https://"),
      let who = consoleSignIn.signInTokens[form["SigninToken"] ?? ""]
    else { return Self.refused("Token expired") }
    consoleSignIn.calls.append("login as \(who) at \(page)")
    return WireResponse(200, type: "text/html", "signed in as \(who) at \(page)\n")
  }

  private mutating func signOut(_ request: WireRequest) -> WireResponse {
    guard let form = try? Parameters(form: request.query), form["Action"] == "logout", let page = form["redirect_uri"],
      page.hasPrefix("http://127.0.0.1:")
    else { return Self.refused("redirect_uri") }
    consoleSignIn.calls.append("logout")
    return WireResponse(302, type: "text/html", "", headers: [("Location", page)])
  }

  private static func refused(_ why: String) -> WireResponse {
    WireResponse(400, type: "text/html", "<html><body>\(why)</body></html>")
  }
}
