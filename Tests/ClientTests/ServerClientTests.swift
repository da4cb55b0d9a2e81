import AWSDouble
import Foundation
import TestSupport
import Testing

/// Real clients of the credential server: boto3, versions 1 and 2 of the AWS CLI, rclone, and the AWS SDK for Go.
@Suite(
  .waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing),
  .enabled(if: ServerClient.areInstalled, "needs rclone, version 2 of the AWS CLI and .build/go-client: run make test"))
struct ServerClientTests {
  private let fixture: ClientFixture
  private var world: ClientWorld { fixture.world }
  private static let stale = [
    "AWS_PROFILE": "gone", "AWS_ACCESS_KEY_ID": "AKIASTALESTALESTALE0", "AWS_SECRET_ACCESS_KEY": "stale",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/gone",
  ]

  init() throws { fixture = try ClientFixture() }

  @Test func `every client takes a role's credentials from the server, whatever the shell was left with`() throws {
    try fixture.open("readonly")
    let said = try said(by: ServerClient.all, under: "exec daypass exec --server readonly --", with: Self.stale)
    for client in ServerClient.all {
      #expect(said[client.name]?.hasSuffix(client.success + "\nstatus 0\n") == true, "\(client.name): \(said)")
    }
    let callers = fixture.aws.calls.filter { ["ListBuckets", "GetCallerIdentity"].contains($0.action) }
    #expect(callers.count == ServerClient.all.count)
    #expect(
      callers.allSatisfy { $0.principal == "arn:aws:sts::123456789012:assumed-role/ReadOnly/tester" }, "\(callers)")
  }

  @Test(arguments: ServerClient.waiting)
  fileprivate func `a client that goes on gets renewed credentials, and so do the next`(client: ServerClient) throws {
    fixture.aws.account.allowedSkew = 86_400
    fixture.aws.clock = .offset(5 * 60 - 43_200)
    try world.output(of: "daypass exec bob -- true")
    fixture.aws.clock = .offset(0)
    let said = try said(by: [client], ServerClient.all, under: "exec daypass exec --server bob --")
    #expect(said[client.name] == client.success + "\nstatus 0\n")
    for client in ServerClient.all { #expect(said[client.name]?.hasSuffix("\nstatus 0\n") == true, "\(said)") }
    #expect(fixture.count(.getSessionToken) == 2)
  }

  @Test func `with another token no client has credentials, and it says why if it can`() throws {
    let prefix = "exec daypass exec --server bob -- env AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong"
    let said = try said(by: ServerClient.all, under: prefix)
    for client in ServerClient.all {
      #expect(said[client.name]?.contains(client.refusal) == true)
      #expect(said[client.name]?.hasSuffix("\nstatus 0\n") == false)
    }
    #expect(fixture.aws.calls.allSatisfy { $0.action == "GetSessionToken" })
  }

  @Test func `once the server is gone, no client hangs or has credentials`() throws {
    let prefix = "export $(daypass exec --server bob -- env | grep '^AWS_CONTAINER'); exec"
    let said = try said(by: ServerClient.all, under: prefix)
    for client in ServerClient.all { #expect(said[client.name]?.contains("status ") == true) }
    #expect(said.values.allSatisfy { !$0.hasSuffix("\nstatus 0\n") })
    #expect(fixture.aws.calls.allSatisfy { $0.action == "GetSessionToken" })
  }

  /// What each client prints, and its status in a last line; each group runs at once, after the one before.
  private func said(
    by groups: [ServerClient]..., under prefix: String, with variables: [String: String] = [:]
  ) throws -> [String: String] {
    let clients = groups.flatMap(\.self)
    var script = ""
    for (index, client) in clients.enumerated() {
      script += "{ \(client.command); echo \"status $?\"; } >\"$LOG-\(index)\" 2>&1 &\n"
      if groups.contains(where: { $0.last == client }) { script += "wait\n" }
    }
    let path = world.path("clients")
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    try world.output(of: "\(prefix) sh \"$1\"", [path], with: variables)
    let texts = try clients.indices.map { try String(contentsOfFile: world.path("log-\($0)"), encoding: .utf8) }
    return Dictionary(zip(clients.map(\.name), texts)) { _, last in last }
  }
}

// MARK: - Clients

/// A program that takes credentials from a container's endpoint.
private struct ServerClient: Equatable, CustomTestStringConvertible, Sendable {
  let name: String
  let command: String
  /// The end of what it prints if the credentials are good.
  var success = "demo-website"
  /// What it says if the server refuses it.
  var refusal = "AWS_CONTAINER_AUTHORIZATION_TOKEN is not of this server"

  var testDescription: String { name }

  static let areInstalled =
    Installed.has("rclone") && FileManager.default.isExecutableFile(atPath: "/usr/bin/aws")
    && FileManager.default.isExecutableFile(atPath: goClient)

  static let all = [
    ServerClient(name: "boto3", command: boto3, success: role),
    ServerClient(name: "AWS CLI 1", command: "aws s3 ls"),
    ServerClient(name: "AWS CLI 2", command: "/usr/bin/aws --endpoint-url \"$AWS_ENDPOINT_URL\" s3 ls"),
    // It tells nobody why it has no credentials.
    ServerClient(name: "rclone", command: rclone, refusal: "NoCredentialProviders"),
    ServerClient(name: "Go", command: "'\(goClient)'", success: role),
  ]
  /// Those that wait for a renewal.
  static let waiting = [
    ServerClient(name: "boto3, renewed", command: boto3 + " renewed", success: "container-role renewed=true " + bob),
    ServerClient(
      name: "Go, renewed", command: "'\(goClient)' renewed", success: "CredentialsEndpointProvider renewed=true " + bob),
  ]

  private static let bob = "arn:aws:iam::123456789012:user/team/bob"
  private static let role = " renewed=false arn:aws:sts::123456789012:assumed-role/ReadOnly/tester"
  private static let boto3 = "python3 '\(Python.script("server"))'"
  private static let goClient = Python.program("../../go-client")
  private static let rclone =
    "rclone --config /dev/null --retries 1 --low-level-retries 1 lsd "
    + "\":s3,provider=AWS,env_auth,region=us-east-1,endpoint='$AWS_ENDPOINT_URL':\""
}
