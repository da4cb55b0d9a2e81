extension Account {
  /// The account of `make demo` and of `aws-double` without `--state`; its key is the example in AWS's documentation.
  package static var demo: Account {
    var account = Account()
    account.users = [
      .alice,
      User(
        "bob", path: "/team/",
        keys: [AccessKey(id: "AKIAI44QH8DHBEXAMPLE", secret: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")]),
      .admin,
    ]
    let alice = account.arn(of: .alice)
    var readOnly = Role(arn: account.roleARN("ReadOnly"), trusts: [alice])
    readOnly.requiresMFA = true
    var deploy = readOnly
    (deploy.arn, deploy.maxSessionDuration) = (account.roleARN("Deploy"), 14_400)
    var audit = Role(arn: account.roleARN("Audit"), trusts: [alice, readOnly.arn])
    audit.externalID = "audit-2026"
    audit.deniedActions = ["s3:ListAllMyBuckets"]
    account.roles = [readOnly, deploy, audit]
    account.buckets = ["demo-backups", "demo-logs", "demo-website"].map { Bucket($0) }
    return account
  }
}

extension User {
  fileprivate static var alice: User {
    let key = AccessKey(id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    let phone = VirtualMFADevice(
      serial: "arn:aws:iam::123456789012:mfa/alice", seed: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    var user = User("alice", keys: [key], mfaDevices: [phone])
    user.actionsNeedingMFA = ["s3:ListAllMyBuckets"]
    return user
  }

  fileprivate static var admin: User {
    let key = AccessKey(id: "AKIAADMINMADEUPEXAMP", secret: "adminK7MDENG/bPxRfiCYmadeup+EXAMPLEKEY00")
    var user = User("admin", keys: [key])
    user.mayAdministerIAM = true
    return user
  }
}

// MARK: - Random text

/// Made-up ids and secrets.
enum RandomText {
  static let base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  static let base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  static func letters(_ count: Int, of alphabet: String) -> String {
    String((0..<count).compactMap { _ in alphabet.randomElement() })
  }
}

extension AccessKey {
  /// As IAM makes them: 20 characters, and 40 with `+` and `/` among them.
  static func random() -> AccessKey {
    AccessKey(
      id: "AKIA" + RandomText.letters(16, of: RandomText.base32),
      secret: RandomText.letters(38, of: RandomText.base64) + "/+")
  }
}
