internal import AWSValues
internal import Secrets

/// Identity and Access Management: users, their keys, MFA devices and policies, and roles.
///
/// What creates something or carries codes is sent once: after `.http` it may have been done, and a list tells. All
/// else is repeated where that may help; so a deletion may find that it was done before, with `noSuchEntity`. What was
/// made or changed can take some seconds to be seen everywhere.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/
package struct IAM {
  private let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  /// The form of a call, with those parameters that have a value.
  func form(_ action: String, _ parameters: KeyValuePairs<String, String?> = [:]) -> FormBody {
    var form = FormBody(action: action, version: IAM.version)
    for (name, value) in parameters { form.append(name, value) }
    return form
  }

  func answer(
    to action: String, _ form: consuming FormBody, _ repetition: Repetition = .allowed,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> Answer {
    try client.answer(to: SignedCall(.iam, action, form, repetition), signedBy: credentials)
  }

  /// What all pages of a list hold, each read by `read`.
  func all<Item>(
    _ action: String, _ parameters: KeyValuePairs<String, String?> = [:], signedBy credentials: borrowing Credentials,
    read: (borrowing Answer) throws(AWSError) -> [Item]
  ) throws(AWSError) -> [Item] {
    var items: [Item] = []
    var pages = Pages(call: action, limit: IAM.pageLimit)
    repeat {
      var form = form(action, parameters)
      form.append("Marker", pages.marker)
      let answer = try answer(to: action, form, signedBy: credentials)
      items += try read(answer)
      try pages.turn(to: answer.nextMarker())
    } while pages.marker != nil
    return items
  }

  private static let version = "2010-05-08"
  // IAM may give short pages, and an account can have 5000 users and 5000 roles.
  private static let pageLimit = 1000
}
