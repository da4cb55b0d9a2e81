/// The parameters of AssumeRole, within the limits of STS's model.
struct RoleRequest {
  let arn: String
  let sessionName: String
  let externalID: String?
  /// Seconds.
  let duration: Int

  init(_ parameters: Parameters) throws(Refusal) {
    try parameters.allow([
      "Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId", "SerialNumber", "TokenCode",
    ])
    arn = try parameters.required(parameters.text("RoleArn", 20...2048, others: "+=/:,.@-"), "RoleArn")
    let name = try parameters.text("RoleSessionName", 2...64, others: "+=,.@-")
    sessionName = try parameters.required(name, "RoleSessionName")
    externalID = try parameters.text("ExternalId", 2...1224, others: "+=,.@:/-")
    duration = try parameters.integer("DurationSeconds", in: 900...43_200, default: 3600)
  }
}
