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
    ("", KeyInputError.Part.accessKeyID), ("\nx\n", .accessKeyID), (id, .secretAccessKey),
    (id + "\n", .secretAccessKey),
    (id + "\n \n" + secret, .secretAccessKey),
  ])
  func `a missing line is named`(text: String, part: KeyInputError.Part) {
    let read = outcome { () throws(KeyInputError) in try EnteredKey(lines: SecretBytes(copying: text)) }
    #expect(read == .failure(.missing(part, from: .standardInput)))
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
      (["AWS_SECRET_ACCESS_KEY": secret], .missing(.accessKeyID, from: .environment)),
      (["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": secret], .missing(.accessKeyID, from: .environment)),
      (["AWS_ACCESS_KEY_ID": id], .missing(.secretAccessKey, from: .environment)),
      (["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": ""], .missing(.secretAccessKey, from: .environment)),
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
  func `a file without the columns is told as such`(text: String) {
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

// MARK: - Import tests

@Suite(.keyring)
struct ImportTests {
  private let keyring: PrivateKeyring
  private let home = ScratchFolder()
  private static let key =
    "aws_access_key_id = AKIAMADEUP0000000001\naws_secret_access_key = made/up+secret/of/a/test/0000000000000000\n"

  init() throws {
    keyring = try PrivateKeyring()
    home.makeFolder(".aws")
    home.write("[other]\nregion = r\n\n[alice]\n" + Self.key, to: ".aws/credentials")
  }

  private func add(_ arguments: [String] = ["alice"]) throws -> Launch {
    let environment = keyring.environment.merging(["HOME": home.path]) { _, ours in ours }
    return Launch(
      try builtProgram("daypass"), ["add", "--import", "--no-verify"] + arguments,
      environment: environment.map { "\($0.key)=\($0.value)" })
  }

  @Test(arguments: [("y", "[other]\nregion = r\n\n"), ("n", "[other]\nregion = r\n\n[alice]\n" + key)])
  func `after an import the key is removed from the file if the user agrees`(answer: String, left: String) throws {
    let terminal = try PseudoTerminal(try add())
    try terminal.expect("stored in the keyring as profile 'alice'")
    try terminal.expect("[none]: ")
    try terminal.send("\n")
    // First, so that aws goes on working.
    try terminal.expect("let aws, boto3 and terraform use this profile too? [Y/n] ")
    try terminal.send("n\n")
    try terminal.expect("remove the plain-text key from \(home.path)/.aws/credentials, line 5? [y/N] ")
    try terminal.send(answer + "\n")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try home.text(of: ".aws/credentials") == left)
    #expect(try home.text(of: ".aws/config") == "[profile alice]\n")
  }

  @Test func `without a terminal a note says where the key still stands, and how to remove it`() throws {
    let outcome = try add().run()
    #expect(outcome.status == .exited(0))
    #expect(
      outcome.errorText.hasSuffix(
        "daypass: \(home.path)/.aws/credentials still has the key in plain text (line 5); --remove-plain-text removes it\n"
      ))
    #expect(try home.text(of: ".aws/credentials").contains(Self.key))
  }

  @Test func `options import every key without a terminal, keep aws working and remove the plain text`() throws {
    home.write("[alice]\n" + Self.key + "[half]\naws_access_key_id = A\n[bob]\n" + Self.key, to: ".aws/credentials")
    let outcome = try add(["--all", "--credential-process", "--remove-plain-text", "--region", "eu-west-1"]).run()
    #expect(outcome.status == .exited(0), "\(outcome.errorText)")
    #expect(try home.text(of: ".aws/credentials") == "[half]\naws_access_key_id = A\n")
    let config = try home.text(of: ".aws/config")
    for name in ["alice", "bob"] {
      #expect(config.contains("[profile \(name)]\nregion = eu-west-1\ncredential_process = /"))
      #expect(config.contains("/daypass credential-process \(name)\n"))
    }
  }

  @Test func `of many keys one that cannot be imported is named and the others are`() throws {
    home.write("[a]\naws_access_key_id = A\naws_secret_access_key = B\n[alice]\n" + Self.key, to: ".aws/credentials")
    let outcome = try add(["--all"]).run()
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorText.contains("stored in the keyring as profile 'alice'"))
    #expect(outcome.errorText.hasSuffix("daypass: not imported: a\n"))
  }

  @Test(arguments: ["[other]\nregion = r\n", nil])
  func `an import of a profile without a key says where was looked and which profiles have one`(text: String?) throws {
    if let text { home.write(text, to: ".aws/credentials") } else { unlink(home.path(".aws/credentials")) }
    let none = try add().run()
    #expect(none.status == .exited(64))
    let files = "\(home.path)/.aws/credentials or \(home.path)/.aws/config"
    #expect(none.errorText.hasPrefix("daypass: no key of profile 'alice' is in \(files)\n"))
    home.write("[bob]\n" + Self.key, to: ".aws/credentials")
    #expect(try add().run().errorText.contains("daypass: hint: profiles with a key in plain text: bob\n"))
  }

  @Test(arguments: ["-x", "--", "AKIAIOSFODNN7EXAMPLE"])
  func `a name that no command could name again is refused`(name: String) throws {
    let outcome = try add(["--", name]).run()
    #expect(outcome.status == .exited(64))
    #expect(!outcome.errorText.contains("stored"))
  }
}

struct KeyArgumentsTests {
  @Test(arguments: [
    ("add me AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "me"),
    ("add wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""), ("add AKIAIOSFODNN7EXAMPLE me", "me"),
    ("--debug add me --secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "me"),
    ("add me", nil), ("add me --csv /home/alice/Downloads/alice_accessKeys.csv", nil),
    ("exec me -- echo wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", nil),
    ("add payments-production-administrators-2026", nil),
    ("add me --mfa-serial arn:aws:iam::123456789012:mfa/alice", nil),
  ])
  func `a key among the arguments of add is noticed`(line: String, profile: String?) {
    let mistake = KeyArguments(line.split(separator: " ").map(String.init)).mistake
    #expect(mistake == profile.map { .keyAsArgument(profile: $0.isEmpty ? nil : $0) })
  }
}
