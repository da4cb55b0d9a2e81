import Glibc
import Secrets
import TestSupport
import Testing

@testable import daypass

struct EnteredKeyTests {
  private static let id = "AKIAMADEUP0000000001"
  private static let secret = "made/up+secret/of/a/test/000000000000000"

  /// The two halves after the check, or what is wrong.
  private func outcome(_ key: () throws(KeyInputError) -> EnteredKey) -> Result<[String], KeyInputError> {
    Result { () throws(KeyInputError) in
      let credentials = try key().credentials()
      return [credentials.accessKeyID, credentials.secretAccessKey.revealed() ?? "?"]
    }
  }

  private func csv(_ text: String) -> Result<[String], KeyInputError> {
    outcome { () throws(KeyInputError) in try EnteredKey(csv: SecretBytes(copying: text), path: "/k.csv") }
  }

  @Test(arguments: [
    "ID\nSECRET", "ID\nSECRET\n", "ID\r\nSECRET\r\n", "  ID \n\tSECRET \nanything else\n", "ID\nSECRET\n\n",
  ])
  func `standard input gives the id on its first line and the secret on its second`(lines: String) {
    let text = lines.replacing("ID", with: Self.id).replacing("SECRET", with: Self.secret)
    let read = outcome { () throws(KeyInputError) in try EnteredKey(lines: SecretBytes(copying: text)) }
    #expect(read == .success([Self.id, Self.secret]))
  }

  @Test(arguments: [
    ("", 1), ("\nx\n", 1), (id, 2), (id + "\n", 2), (id + "\n \n" + secret, 2),
  ])
  func `a missing line is named`(text: String, line: Int) {
    let read = outcome { () throws(KeyInputError) in try EnteredKey(lines: SecretBytes(copying: text)) }
    #expect(read == .failure(.emptyLine(line)))
  }

  @Test(arguments: [
    ("<id>", "<id>", ""), ("\"<id>\"", "<id>", ""), (" '<id>' ", "<id>", ""), ("aws_access_key_id = <id>", "<id>", ""),
    ("export AWS_ACCESS_KEY_ID=\"<id>\"", "<id>", ""), ("$env:AWS_ACCESS_KEY_ID='<id>';", "<id>", ""),
    ("    \"AccessKeyId\": \"<id>\",", "<id>", ""), ("Access key ID: <id>", "<id>", ""),
    ("AWSAccessKeyId=<id>", "<id>", ""), ("<id>,<secret>", "<id>", "<secret>"),
    ("\"<id>\",\"<secret>\"", "<id>", "<secret>"), ("alice,pass=word,<id>,<secret>", "<id>", "<secret>"),
    ("alice,,<id>,<secret>,https://x", "<id>", "<secret>"), ("", "", ""), ("two words", "two words", ""),
    ("<secret>", "<secret>", ""), ("alice,bob", "-", ""),
  ])
  func `a key ID is found in the line it was copied with`(line: String, id: String, secret: String) {
    func filled(_ text: String) -> String {
      text.replacing("<id>", with: Self.id).replacing("<secret>", with: Self.secret)
    }
    let key = EnteredKey(idLine: SecretBytes(copying: filled(line)))
    #expect(key.accessKeyID == filled(id))
    #expect(key.secretAccessKey.revealed() == filled(secret))
  }

  @Test(arguments: [
    "<secret>", "aws_secret_access_key=<secret>", "'<secret>'", "\"SecretAccessKey\": \"<secret>\",",
    "AWSSecretKey=<secret>", "export AWS_SECRET_ACCESS_KEY=<secret>",
  ])
  func `a secret is found in the line it was copied with`(line: String) {
    let typed = SecretBytes(copying: line.replacing("<secret>", with: Self.secret))
    let read = outcome { () throws(KeyInputError) in EnteredKey(accessKeyID: Self.id, secretAccessKey: typed.clone()) }
    #expect(read == .success([Self.id, Self.secret]))
  }

  @Test(
    arguments: [
      (["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret], nil),
      (["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": ""], nil),
      (["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": "t"], KeyInputError.temporary),
      (["AWS_SECRET_ACCESS_KEY": secret], .unset(variable: "AWS_ACCESS_KEY_ID")),
      (["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": secret], .unset(variable: "AWS_ACCESS_KEY_ID")),
      (["AWS_ACCESS_KEY_ID": id], .unset(variable: "AWS_SECRET_ACCESS_KEY")),
      (["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": ""], .unset(variable: "AWS_SECRET_ACCESS_KEY")),
    ] as [([String: String], KeyInputError?)])
  func `the environment gives a key that no session token stands beside`(
    environment: [String: String], error: KeyInputError?
  ) {
    let read = outcome { () throws(KeyInputError) in try EnteredKey(environment: environment) }
    #expect(read == (error.map { .failure($0) } ?? .success([Self.id, Self.secret])))
  }

  @Test(arguments: [
    "Access key ID,Secret access key\n<id>,<secret>\n",
    "\u{feff}Access key ID,Secret access key\r\n<id>,<secret>\r\n",
    "User name,Password,Access key ID,Secret access key,Console login link\nme,,<id>,<secret>,https://x\n",
    "User name,Password,Access key ID,Secret access key\nme,\"a,\"\"b\",<id>,<secret>\n",
    "User Name,Access Key Id,Secret Access Key\n\"me\",\"<id>\",\"<secret>\"\n",
    "\u{feff}\"Secret access key\" , \"Access key ID\"\n <secret> , <id>",
    "Access key ID,Secret access key\n<id>,<secret>\nx,y\n",
  ])
  func `the IAM console's file is read in its old and new layouts`(layout: String) {
    let text = layout.replacing("<id>", with: Self.id).replacing("<secret>", with: Self.secret)
    #expect(csv(text) == .success([Self.id, Self.secret]))
  }

  @Test(arguments: [
    "", "\n", "Access key ID,Secret access key", "Access key ID\nAKIA\n", "Secret access key\nx\n", "a,b\nc,d\n",
    "Access key ID,Secret access key\nAKIAMADEUP0000000001\n", "<html>\n</html>\n",
  ])
  func `a file without the columns is reported as such`(text: String) {
    #expect(csv(text) == .failure(.noColumns(path: "/k.csv")))
  }

  @Test(
    arguments: [
      (id, secret, nil), (" \(id)\n", "\t\(secret) ", nil), ("A_3456789012345Z", "x", nil),
      (String(repeating: "A", count: 128), "x", nil),
      ("", secret, KeyInputError.invalidAccessKeyID), ("AKIA", secret, .invalidAccessKeyID),
      (String(repeating: "A", count: 129), secret, .invalidAccessKeyID),
      ("AKIAMADEUP000000000!", secret, .invalidAccessKeyID), ("AKIAMADEUP00000 0001", secret, .invalidAccessKeyID),
      ("AKIAMADEUP00000\u{661}0001", secret, .invalidAccessKeyID),
      ("ASIAMADEUP0000000001", secret, .temporary), (secret, id, .secretFirst),
      (id, "", .invalidSecret), (id, " \n", .invalidSecret), (id, "two words", .invalidSecret),
      (id, "a\u{1b}[2Jb", .invalidSecret), (id, "ä", .invalidSecret), (id, "a\0b", .invalidSecret),
    ] as [(String, String, KeyInputError?)])
  func `what can be no long-term key is refused`(id: String, secret: String, error: KeyInputError?) {
    let read = outcome { () throws(KeyInputError) in
      EnteredKey(accessKeyID: id, secretAccessKey: SecretBytes(copying: secret))
    }
    switch read {
    case .success: #expect(error == nil)
    case .failure(let failure): #expect(failure == error)
    }
  }
}

// MARK: - Name tests

@Suite(.keyring)
struct NewNameTests {
  @Test(arguments: ["-x", "--", "AKIAIOSFODNN7EXAMPLE"])
  func `a name that no command could name again is refused`(name: String) throws {
    let (keyring, home) = (try PrivateKeyring(), ScratchFolder())
    let key = [
      "AWS_ACCESS_KEY_ID": "AKIAMADEUP0000000001", "AWS_SECRET_ACCESS_KEY": "made/up+secret/of/a/test/00000000",
    ]
    let environment = keyring.environment.merging(key) { $1 }.merging(["HOME": home.path]) { $1 }
    let outcome = try Launch(
      try builtProgram("daypass"), ["add", "--env", "--no-verify", "--", name],
      environment: environment.map { "\($0.key)=\($0.value)" }
    ).run()
    #expect(outcome.status == .exited(64))
    #expect(!outcome.errorText.contains("stored"))
  }
}

struct KeyArgumentsTests {
  @Test(arguments: [
    ("add me AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "me"),
    ("add wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""), ("add AKIAIOSFODNN7EXAMPLE me", "me"),
    ("--debug add me --secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "me"),
    ("add me --csv=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "me"),
    ("add me -- wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "me"),
    ("add me", nil), ("add me --csv /home/alice/Downloads/alice_accessKeys.csv", nil),
    ("exec me -- echo wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", nil),
    ("add payments-production-administrators-2026", nil),
    ("add me --mfa-serial arn:aws:iam::123456789012:mfa/alice", nil),
  ])
  func `a key among the arguments of add is noticed`(line: String, profile: String?) {
    let mistake = KeyArguments(line.split(separator: " ").map(String.init)).mistake
    #expect(mistake == profile.map { .keyAsArgument(profile: $0.isEmpty ? nil : $0) })
  }

  @Test(arguments: ["whoami -- \(secret)", "whoami --profile=\(secret)", "exec --region=\(secret) me -- true"])
  func `a secret among other arguments is known whole, so that no message shows it`(line: String) {
    #expect(KeyArguments(line.split(separator: " ").map(String.init)).secrets == [Self.secret])
  }

  private static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
