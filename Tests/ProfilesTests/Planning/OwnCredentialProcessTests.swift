import Profiles
import Testing

struct OwnCredentialProcessTests {
  @Test(arguments: [
    "daypass credential-process A", "/usr/bin/daypass credential-process A",
    "'/opt/my tools/daypass' credential-process A",
    "daypass credential-process", "daypass credential-process --debug A", "daypass credential-process --duration 1h A",
    "daypass credential-process --region=eu-west-1 -- A", "daypass  credential-process\t\"A\" --no-session",
  ])
  func `a process of ours for the same profile is the profile's key`(command: String) throws {
    let plan = try Planning(config: "[profile A]\ncredential_process = \(command)").plan(for: "A")
    #expect(plan.summary == "key(A) session(43200)")
  }

  @Test(arguments: [
    "notdaypass credential-process A", "daypass exec A", "daypass", "daypass/x credential-process A",
    "sh -c 'daypass credential-process A'", "sudo daypass credential-process A", "\\ daypass credential-process A",
  ])
  func `another program's process is not`(command: String) throws {
    let planning = Planning(config: "[profile A]\ncredential_process = \(command)")
    let origin = Origin.property(.credentialProcess, profile: "A", at: .config(2))
    #expect(try planning.error(for: "A") == .unsupported(origin))
  }

  @Test func `a process of ours for another profile is that profile's plan`() throws {
    let planning = Planning(
      config: """
        [profile A]
        region = eu-west-1
        credential_process = daypass credential-process B
        [profile B]
        region = us-east-1
        aws_access_key_id = AKIDEXAMPLE
        role_arn = \(String.role("b"))
        source_profile = C
        [profile C]
        """)
    let plan = try planning.plan(for: "A")
    #expect(plan.summary == "key(C) role(b, 3600)")
    #expect(plan.profile == "A")
    #expect(plan.connection.region == "eu-west-1")
  }

  @Test func `processes of ours that call each other are a loop`() throws {
    let planning = Planning(
      config: """
        [profile A]
        credential_process = daypass credential-process B
        [profile B]
        credential_process = daypass credential-process A
        """)
    let origin = Origin.property(.credentialProcess, profile: "B", at: .config(4))
    #expect(try planning.error(for: "A") == .loop(["A", "B", "A"], from: origin))
  }

  @Test func `a process of ours for an unknown profile names it`() throws {
    let planning = Planning(config: "[profile A]\ncredential_process = daypass credential-process AA")
    let origin = Origin.property(.credentialProcess, profile: "A", at: .config(2))
    #expect(try planning.error(for: "A") == .unknownReference("AA", from: origin, nearest: ["A"]))
  }

  @Test func `a source profile may use a process of ours`() throws {
    let planning = Planning(
      config: """
        [profile A]
        role_arn = \(String.role("a"))
        source_profile = B
        [profile B]
        credential_process = daypass credential-process B
        """)
    #expect(try planning.plan(for: "A").summary == "key(B) role(a, 3600)")
  }
}
