extension World {
  func listMFADevices(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allow(["Action", "Version", "UserName", "MaxItems", "Marker"])
    let user = try user(named: parameters["UserName"], as: caller)
    try account.authorize(caller, to: "iam:ListMFADevices", on: account.arn(of: user))
    let size = try parameters.integer("MaxItems", in: 1...1000, default: 100)
    let page = try Page(user.mfaDevices, size: min(size, account.iamPageSize), after: parameters["Marker"])
    let members = page.items.map { device in
      XMLElement(
        "member",
        [
          XMLElement("UserName", user.name), XMLElement("SerialNumber", device.serial),
          XMLElement("EnableDate", Timestamp.extended(device.enabled)),
        ])
    }
    let end = XMLElement("IsTruncated", String(page.next != nil))
    return [XMLElement("MFADevices", members), end] + (page.next.map { [XMLElement("Marker", $0)] } ?? [])
  }
}
