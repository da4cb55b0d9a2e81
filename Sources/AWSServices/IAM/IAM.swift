internal import AWSValues
package import Secrets

/// Identity and Access Management: users and their MFA devices.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/
package struct IAM {
  private let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  /// The user whose key signs.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
  package func user(signedBy credentials: borrowing Credentials) throws(AWSError) -> User {
    let call = SignedCall(.iam, "GetUser", FormBody(action: "GetUser", version: IAM.version), .allowed)
    return try client.answer(to: call, signedBy: credentials).user()
  }

  /// The devices of the user named, or of the one whose key signs.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
  package func mfaDevices(
    ofUser name: String? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [MFADeviceDescription] {
    if let name, !name.isUserName { throw .invalidRequest(.invalidUserName(VisibleText.escape(name, limit: 128))) }
    var devices: [MFADeviceDescription] = []
    var pages = Pages(call: "ListMFADevices", limit: 100)
    repeat {
      var body = FormBody(action: "ListMFADevices", version: IAM.version)
      body.append("UserName", name)
      body.append("Marker", pages.marker)
      let call = SignedCall(.iam, "ListMFADevices", body, .allowed)
      let answer = try client.answer(to: call, signedBy: credentials)
      devices += try answer.mfaDevices()
      try pages.turn(to: answer.nextMarker())
    } while pages.marker != nil
    return devices
  }

  private static let version = "2010-05-08"
}
