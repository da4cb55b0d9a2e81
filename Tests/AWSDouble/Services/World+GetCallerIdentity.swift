extension World {
  func getCallerIdentity(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allow(["Action", "Version"])
    return [
      XMLElement("Arn", account.arn(of: caller.identity) ?? ""),
      XMLElement("UserId", account.uniqueID(of: caller.identity)),
      XMLElement("Account", account.accountID(of: caller.identity)),
    ]
  }
}
