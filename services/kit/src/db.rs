//! The service's own PostgreSQL database: its pool, its migrations, and transactions that wake the
//! relay once they are committed.

use std::{
    borrow::Cow,
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use cchc_core::{Fault, Kind};
use sqlx::{
    PgConnection, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::Notify;

use crate::config::DatabaseConfig;

static KIT_MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The database failed, or a row in it could not be understood.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// PostgreSQL refused or is away.
    #[error("the database failed")]
    Sql(#[from] sqlx::Error),
    /// A stored value does not parse: a broken invariant.
    #[error("inconsistent row: {table}.{column} is {value:?}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
}

impl DbError {
    /// Names a stored value that does not parse.
    #[must_use]
    pub fn inconsistent(table: &'static str, column: &'static str, value: &impl ToString) -> Self {
        Self::Inconsistent { table, column, value: value.to_string() }
    }

    /// Whether trying again may help: the connection, not the statement, failed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => {
                // Serialisation failure, deadlock, lock or statement timeout, shutting down.
                matches!(
                    error.code().as_deref(),
                    Some(
                        "40001"
                            | "40P01"
                            | "55P03"
                            | "57014"
                            | "57P01"
                            | "57P02"
                            | "57P03"
                            | "53300"
                    )
                )
            }
            Self::Sql(
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed,
            ) => true,
            Self::Sql(_) | Self::Inconsistent { .. } => false,
        }
    }
}

impl Fault for DbError {
    fn kind(&self) -> Kind {
        if self.is_passing() { Kind::Unavailable } else { Kind::Internal }
    }

    fn reason(&self) -> &'static str {
        if self.is_passing() { "DATABASE_UNAVAILABLE" } else { "INTERNAL" }
    }

    fn vietnamese(&self) -> String {
        if self.is_passing() {
            "cơ sở dữ liệu tạm thời không phục vụ được, vui lòng thử lại".to_owned()
        } else {
            "lỗi nội bộ".to_owned()
        }
    }
}

/// The service's database.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
    wake: Arc<Notify>,
}

impl Db {
    /// Connects, waiting for PostgreSQL to come up, and brings the schema up to date under a lock.
    pub async fn connect(
        config: &DatabaseConfig,
        migrations: &Migrator,
    ) -> Result<Self, StartDbError> {
        let url = config.url()?;
        let options: PgConnectOptions = url.reveal().parse()?;
        let options = options.options([
            // A role may be named like its schema, and would then look for sqlx's own tables there.
            ("search_path", "public"),
            ("statement_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "60s"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(config.max_connections)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(options);
        wait_until_up(&pool).await?;
        migrate(&pool, &KIT_MIGRATIONS, "_kit_migrations").await?;
        migrate(&pool, migrations, "_service_migrations").await?;
        Ok(Self::from_pool(pool))
    }

    /// Wraps a pool whose database is up to date.
    #[must_use]
    pub fn from_pool(pool: PgPool) -> Self {
        Self { pool, wake: Arc::new(Notify::new()) }
    }

    /// Begins a transaction.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(Tx { inner: self.pool.begin().await?, wake: Arc::clone(&self.wake) })
    }

    /// Begins a transaction that reads one unchanging state.
    pub async fn begin_snapshot(&self) -> Result<Tx, DbError> {
        let inner = self.pool.begin_with("begin isolation level repeatable read read only").await?;
        Ok(Tx { inner, wake: Arc::clone(&self.wake) })
    }

    /// The pool, for single reads.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Waits for the next commit of this process.
    pub(crate) async fn committed(&self) {
        self.wake.notified().await;
    }
}

/// A transaction: rolled back unless committed.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    wake: Arc<Notify>,
}

impl Tx {
    /// Makes everything done in it true at once, and wakes the relay.
    pub async fn commit(self) -> Result<(), DbError> {
        self.inner.commit().await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Takes back everything done in it, before anybody else has seen it.
    pub async fn roll_back(self) -> Result<(), DbError> {
        Ok(self.inner.rollback().await?)
    }
}

impl Deref for Tx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

/// The database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum StartDbError {
    /// The configuration does not name it.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// It cannot be reached.
    #[error("cannot reach the database")]
    Connect(#[from] sqlx::Error),
    /// A migration failed.
    #[error("cannot bring the database up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

async fn wait_until_up(pool: &PgPool) -> Result<(), StartDbError> {
    for attempt in 1.. {
        match pool.acquire().await {
            Ok(_) => break,
            // A wrong password or name will not become right; a server that starts will.
            Err(error @ sqlx::Error::Database(_)) if !is_starting(&error) => {
                return Err(error.into());
            }
            Err(error) if attempt >= 60 => return Err(error.into()),
            Err(error) => {
                tracing::info!(%error, attempt, "waiting for the database");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }
    Ok(())
}

async fn migrate(
    pool: &PgPool,
    migrations: &Migrator,
    table: &'static str,
) -> Result<(), StartDbError> {
    // sqlx takes an advisory lock on the database, so replicas that start together take turns.
    let mut migrator = Migrator::with_migrations(migrations.iter().cloned().collect());
    migrator.dangerous_set_table_name(Cow::Borrowed(table));
    migrator.run(pool).await?;
    Ok(())
}

/// PostgreSQL says that it is not yet up, or going down.
fn is_starting(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "57P03")
}
