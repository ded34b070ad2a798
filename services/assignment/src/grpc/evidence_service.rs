//! `EvidenceService`.

use std::sync::Arc;

use cchc_core::{Collector, RequestId, UnitCode};
use cchc_kit::{
    idempotency::content_hash,
    server::{Caller, caller},
};
use cchc_proto::{
    assignment::v1::{
        self as pb, download_evidence_response as download,
        evidence_service_server::EvidenceService, upload_evidence_request as upload,
    },
    convert::{self, timestamp},
};
use futures::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use tonic::{Request, Response, Status, Streaming};
use uuid::Uuid;

use super::{Asking, campaign::read, command, status};
use crate::{
    app::{
        App, CommandError,
        evidence::{Begun, Receiving, Upload},
    },
    domain::evidence::{Document, EvidenceRefusal, FileName, Seen, Sha256Hex, content_disposition},
};

pub(super) struct Evidence(pub(super) Arc<App>);

/// Ids of documents have no type of their own in core: only this service has documents.
fn evidence_id(c: &mut Collector, text: &str) -> Option<Uuid> {
    c.parse::<cchc_core::EventId>("evidence_id", text).map(cchc_core::EventId::as_uuid)
}

impl From<&Document> for pb::Evidence {
    fn from(document: &Document) -> Self {
        Self {
            evidence_id: document.id.to_string(),
            unit_code: document.unit.to_string(),
            version: document.version,
            name: document.name.clone(),
            document_number: document.number.clone(),
            document_date: document.date.map(Into::into),
            media_type: document.media_type.clone(),
            size_bytes: document.size,
            sha256: document.sha256.as_str().to_owned(),
            uploader: document.uploader.clone(),
            upload_time: Some(timestamp(document.at)),
        }
    }
}

impl From<&Seen> for pb::EvidenceView {
    fn from(seen: &Seen) -> Self {
        Self {
            version: seen.version,
            viewer: seen.by.clone(),
            viewer_unit_code: seen.unit.to_string(),
            view_time: Some(timestamp(seen.at)),
        }
    }
}

/// Reads what is uploaded; `limits` are the types that are kept and the most bytes.
fn metadata(
    c: &mut Collector,
    message: &upload::Metadata,
    (types, most): (&[String], i64),
) -> Option<Upload> {
    // Where it goes on changes from stream to stream of one upload.
    let hash = content_hash(&upload::Metadata { offset: 0, ..message.clone() });
    let request_id = c.parse::<RequestId>("request_id", &message.request_id);
    let unit = c.parse::<UnitCode>("unit_code", &message.unit_code);
    let name = c.text("name", &message.name).and_then(|name| {
        FileName::new(&name, types).map_err(|refusal| c.refuse_because("name", &refusal)).ok()
    });
    let size = Some(message.size_bytes).filter(|size| (1..=most).contains(size));
    if size.is_none() {
        c.refuse_because("size_bytes", &EvidenceRefusal::SizeAboveLimit(most));
    }
    let sha256 = Sha256Hex::new(&message.sha256);
    let sha256 = sha256.map_err(|refusal| c.refuse_because("sha256", &refusal)).ok();
    let number = c.text("document_number", &message.document_number);
    let date = convert::optional_date(c, "document_date", message.document_date);
    let of = match message.evidence_id.as_str() {
        "" => Some(None),
        id => evidence_id(c, id).map(|id| Some((id, message.present_version))),
    };
    Some(Upload {
        request_id: request_id?,
        hash,
        unit: unit?,
        name: name?,
        size: size?,
        sha256: sha256?,
        number: number?,
        date: date?,
        of: of?,
        offset: message.offset,
    })
}

fn refused(error: impl Into<CommandError>) -> Status {
    status(&error.into())
}

impl Evidence {
    /// Reads the first message of an upload.
    async fn announced(
        &self,
        rows: &mut Streaming<pb::UploadEvidenceRequest>,
    ) -> Result<Upload, Status> {
        let first = rows.message().await?.and_then(|message| message.part);
        let first = match first {
            Some(upload::Part::Metadata(metadata)) => Some(metadata),
            Some(upload::Part::Chunk(_)) | None => None,
        };
        let limits = self.0.evidence_limits();
        convert::read(first, |c, first| {
            convert::part(c, "metadata", first, |c, first| metadata(c, &first, limits))
        })
        .map_err(|e| status(&e))
    }

    /// Takes every chunk of a stream. What has come before a cut is kept.
    async fn receive(
        &self,
        rows: &mut Streaming<pb::UploadEvidenceRequest>,
        receiving: &mut Receiving,
    ) -> Result<(), Status> {
        loop {
            match rows.message().await {
                Ok(None) => return Ok(()),
                Ok(Some(message)) => {
                    let Some(upload::Part::Chunk(chunk)) = message.part else {
                        let mut c = Collector::new();
                        c.require("chunk", None::<()>);
                        return c.finish(Some(())).map_err(|e| status(&e));
                    };
                    self.0.receive(receiving, &chunk).await.map_err(refused)?;
                }
                Err(cut) => {
                    self.0.keep(receiving).await.map_err(refused)?;
                    return Err(cut);
                }
            }
        }
    }

    /// Finds a document for the unit's side, or for whoever appraises what it is attached to.
    async fn reached(&self, caller: &Caller, id: Uuid, version: i64) -> Result<Document, Status> {
        let (found, appraisers) = self.0.find_evidence(id, version).await.map_err(|error| {
            caller.reach_nothing();
            status(&error)
        })?;
        let Err(refusal) = caller.reach(&found.unit).await else { return Ok(found) };
        for appraiser in appraisers {
            if caller.reach(&appraiser).await.is_ok() {
                return Ok(found);
            }
        }
        Err(status(&refusal))
    }
}

#[tonic::async_trait]
impl EvidenceService for Evidence {
    async fn upload_evidence(
        &self,
        request: Request<Streaming<pb::UploadEvidenceRequest>>,
    ) -> Result<Response<pb::UploadEvidenceResponse>, Status> {
        let caller = caller(&request)?;
        let mut rows = request.into_inner();
        let upload = self.announced(&mut rows).await.inspect_err(|_| caller.reach_nothing())?;
        caller.reach(&upload.unit).await.map_err(|e| status(&e))?;
        let begun = self.0.begin_upload(caller.actor(), &upload).await.map_err(refused)?;
        let document = match begun {
            Begun::Stored(document) => *document,
            Begun::Receiving(mut receiving) => {
                self.receive(&mut rows, &mut receiving).await?;
                let ended = self.0.end_upload(caller.actor(), &upload, receiving).await;
                ended.map_err(refused)?
            }
        };
        Ok(Response::new(pb::UploadEvidenceResponse { evidence: Some((&document).into()) }))
    }

    async fn get_upload(
        &self,
        request: Request<pb::GetUploadRequest>,
    ) -> Result<Response<pb::GetUploadResponse>, Status> {
        let caller = caller(&request)?;
        let request_id = convert::read(request.into_inner(), |c, request| {
            c.parse::<RequestId>("request_id", &request.request_id)
        })
        .map_err(|e| status(&e))?;
        let (received_bytes, stored) =
            self.0.upload(caller.actor(), request_id).await.map_err(|e| status(&e))?;
        let evidence = stored.as_ref().map(Into::into);
        Ok(Response::new(pb::GetUploadResponse { received_bytes, evidence }))
    }

    async fn attach_evidence(
        &self,
        request: Request<pb::AttachEvidenceRequest>,
    ) -> Result<Response<pb::AttachEvidenceResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let method = "cchc.assignment.v1.EvidenceService/AttachEvidence";
        let asked = request.request_id.clone();
        let (command, (id, key)) =
            command(caller.actor(), method, &asked, request, |c, request| {
                let id = evidence_id(c, &request.evidence_id);
                let key =
                    read::key(c, &request.campaign_code, &request.unit_code, &request.node_id);
                id.zip(key)
            })
            .map_err(|e| status(&e))?;
        caller.reach(&key.unit).await.map_err(|e| status(&e))?;
        self.0.attach_evidence(&command, id, &key).await.map_err(|e| status(&e))?;
        Ok(Response::new(pb::AttachEvidenceResponse {}))
    }

    async fn list_evidence(
        &self,
        request: Request<pb::ListEvidenceRequest>,
    ) -> Result<Response<pb::ListEvidenceResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let within = convert::read(&request, |c, request: &pb::ListEvidenceRequest| {
            c.parse::<UnitCode>("unit_code", &request.unit_code)
        })
        .map_err(|e| status(&e))?;
        caller.reach(&within).await.map_err(|e| status(&e))?;
        let question = format!("evidence within {within}");
        let asking = Asking::read(question, request.page_size, &request.page_token)
            .map_err(|e| status(&e))?;
        let after = asking.after(|[id]| Uuid::try_parse(id).ok()).map_err(|e| status(&e))?;
        let listed =
            self.0.list_evidence(&within, after, asking.size).await.map_err(|e| status(&e))?;
        Ok(Response::new(pb::ListEvidenceResponse {
            next_page_token: asking.next(&listed, |last| last.id.to_string()),
            evidence: listed.items.iter().map(Into::into).collect(),
        }))
    }

    type DownloadEvidenceStream = BoxStream<'static, Result<pb::DownloadEvidenceResponse, Status>>;

    async fn download_evidence(
        &self,
        request: Request<pb::DownloadEvidenceRequest>,
    ) -> Result<Response<Self::DownloadEvidenceStream>, Status> {
        let caller = caller(&request)?;
        let (id, version) = convert::read(request.into_inner(), |c, request| {
            evidence_id(c, &request.evidence_id).map(|id| (id, request.version))
        })
        .map_err(|e| status(&e))?;
        let document = self.reached(&caller, id, version).await?;
        let bytes = self.0.open_evidence(caller.actor(), &document).await.map_err(refused)?;
        let header = download::Header {
            evidence: Some((&document).into()),
            content_disposition: content_disposition(&document.name),
        };
        let part = |part| pb::DownloadEvidenceResponse { part: Some(part) };
        let first = stream::once(async move { Ok(part(download::Part::Header(header))) });
        let chunks = bytes.map_ok(move |chunk| part(download::Part::Chunk(chunk.to_vec())));
        let chunks = chunks.map_err(refused);
        Ok(Response::new(first.chain(chunks).boxed()))
    }

    async fn get_evidence(
        &self,
        request: Request<pb::GetEvidenceRequest>,
    ) -> Result<Response<pb::GetEvidenceResponse>, Status> {
        let caller = caller(&request)?;
        let id =
            convert::read(request.into_inner(), |c, request| evidence_id(c, &request.evidence_id))
                .map_err(|e| status(&e))?;
        let (versions, views) = self.0.evidence(id).await.map_err(|error| {
            caller.reach_nothing();
            status(&error)
        })?;
        if let Some(document) = versions.first() {
            caller.reach(&document.unit).await.map_err(|e| status(&e))?;
        }
        Ok(Response::new(pb::GetEvidenceResponse {
            versions: versions.iter().map(Into::into).collect(),
            views: views.iter().map(Into::into).collect(),
        }))
    }
}
