// SPDX-License-Identifier: GPL-2.0-only
/* Below Impersonation System V IPC and keys are out of reach, whatever their modes. */
#include "levels.h"
#include <keyutils.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#define MODE	0666
#define KEY	0x6e74696d

static int shm, sem, msg;
static key_serial_t key;

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static int level_prepare(void)
{
	struct shmid_ds shm_owner = { .shm_perm = { .uid = NOBODY, .gid = NOBODY, .mode = MODE } };
	struct semid_ds sem_owner = { .sem_perm = { .uid = NOBODY, .gid = NOBODY, .mode = MODE } };
	struct msqid_ds msg_owner = {
		.msg_perm = { .uid = NOBODY, .gid = NOBODY, .mode = MODE },
		.msg_qbytes = 1024,
	};
	union semun sem_argument = { .buf = &sem_owner };

	shm = shmget(KEY, 4096, IPC_CREAT | IPC_EXCL | MODE);
	sem = semget(KEY, 1, IPC_CREAT | IPC_EXCL | MODE);
	msg = msgget(KEY, IPC_CREAT | IPC_EXCL | MODE);
	key = add_key("user", "selftest", "x", 1, KEY_SPEC_SESSION_KEYRING);
	if (shm < 0 || sem < 0 || msg < 0 || key < 0 ||
	    shmctl(shm, IPC_SET, &shm_owner) ||
	    semctl(sem, 0, IPC_SET, sem_argument) ||
	    msgctl(msg, IPC_SET, &msg_owner) ||
	    keyctl_setperm(key, KEY_POS_ALL | KEY_USR_ALL | KEY_GRP_ALL | KEY_OTH_ALL) ||
	    keyctl_chown(key, NOBODY, NOBODY))
		return -errno;
	return 0;
}

static void level_cleanup(void)
{
	shmctl(shm, IPC_RMID, NULL);
	semctl(sem, 0, IPC_RMID);
	msgctl(msg, IPC_RMID, NULL);
	keyctl_unlink(key, KEY_SPEC_SESSION_KEYRING);
}

static struct shmid_ds shm_status;
static struct msqid_ds msg_status;
static struct semid_ds sem_status;
static struct { long type; char text[1]; } message = { 1, "x" };
static struct sembuf up = { .sem_op = 1 };

static int call_shmat(void)
{
	void *at = shmat(shm, NULL, 0);

	if (at == (void *)-1)
		return -errno;
	return shmdt(at) ? -errno : 0;
}

CALL(shmget, shmget(KEY, 4096, MODE))
CALL(shmctl_stat, shmctl(shm, IPC_STAT, &shm_status))
CALL(shmctl_lock, shmctl(shm, SHM_UNLOCK, NULL))
CALL(shmctl_set, shmctl(shm, IPC_SET, &(struct shmid_ds){
	.shm_perm = { .uid = NOBODY, .gid = NOBODY, .mode = MODE } }))
CALL(semget, semget(KEY, 1, MODE))
CALL(semop, semop(sem, &up, 1))
CALL(semctl_stat, semctl(sem, 0, IPC_STAT, (union semun){ .buf = &sem_status }))
CALL(semctl_getval, semctl(sem, 0, GETVAL))
CALL(semctl_setval, semctl(sem, 0, SETVAL, (union semun){ .val = 1 }))
CALL(semctl_set, semctl(sem, 0, IPC_SET, (union semun){ .buf = &(struct semid_ds){
	.sem_perm = { .uid = NOBODY, .gid = NOBODY, .mode = MODE } } }))
CALL(msgget, msgget(KEY, MODE))
CALL(msgsnd, msgsnd(msg, &message, 1, IPC_NOWAIT))
CALL(msgrcv, msgrcv(msg, &message, 1, 2, IPC_NOWAIT))
CALL(msgctl_stat, msgctl(msg, IPC_STAT, &msg_status))
CALL(msgctl_set, msgctl(msg, IPC_SET, &(struct msqid_ds){
	.msg_perm = { .uid = NOBODY, .gid = NOBODY, .mode = MODE }, .msg_qbytes = 1024 }))
ROW(shmat, -EACCES, 0);
ROW(shmget, -EACCES, 0);
ROW(shmctl_stat, -EACCES, 0);
ROW(shmctl_lock, -EPERM, 0);
ROW(shmctl_set, -EACCES, 0);
ROW(semget, -EACCES, 0);
ROW(semop, -EACCES, 0);
ROW(semctl_stat, -EACCES, 0);
ROW(semctl_getval, -EACCES, 0);
ROW(semctl_setval, -EACCES, 0);
ROW(semctl_set, -EACCES, 0);
ROW(msgget, -EACCES, 0);
ROW(msgsnd, -EACCES, 0);
ROW(msgrcv, -EACCES, -ENOMSG);
ROW(msgctl_stat, -EACCES, 0);
ROW(msgctl_set, -EACCES, 0);

static int call_shmget_new(void)
{
	int made = shmget(IPC_PRIVATE, 4096, MODE);

	if (made < 0)
		return -errno;
	return shmctl(made, IPC_RMID, NULL) ? -errno : 0;
}

static int call_semget_new(void)
{
	int made = semget(IPC_PRIVATE, 1, MODE);

	if (made < 0)
		return -errno;
	return semctl(made, 0, IPC_RMID) ? -errno : 0;
}

static int call_msgget_new(void)
{
	int made = msgget(IPC_PRIVATE, MODE);

	if (made < 0)
		return -errno;
	return msgctl(made, IPC_RMID, NULL) ? -errno : 0;
}

ROW(shmget_new, -EACCES, 0);
ROW(semget_new, -EACCES, 0);
ROW(msgget_new, -EACCES, 0);

static char text[64];

CALL(key_describe, keyctl_describe(key, text, sizeof(text)))
CALL(key_read, keyctl_read(key, text, sizeof(text)))
CALL(key_update, keyctl_update(key, "y", 1))
CALL(key_setperm, keyctl_setperm(key, KEY_POS_ALL | KEY_USR_ALL | KEY_GRP_ALL | KEY_OTH_ALL))
CALL(key_timeout, keyctl_set_timeout(key, 0))
CALL(key_search, keyctl_search(KEY_SPEC_SESSION_KEYRING, "user", "selftest", 0))
CALL(key_link, keyctl_link(key, KEY_SPEC_USER_KEYRING))
CALL(key_id, keyctl_get_keyring_ID(KEY_SPEC_USER_KEYRING, 0))
CALL(key_persistent, keyctl_get_persistent(-1, KEY_SPEC_SESSION_KEYRING))
CALL(key_chown, keyctl_chown(key, NOBODY, -1))
CALL(request_key, request_key("user", "selftest", NULL, 0))
CALL(add_key, add_key("user", "selftest", "x", 1, KEY_SPEC_USER_KEYRING))
ROW(key_describe, -EACCES, 0);
ROW(key_read, -ENOKEY, 0);	/* which it says of any key that it may not use */
ROW(key_update, -EACCES, 0);
ROW(key_setperm, -EACCES, 0);
ROW(key_timeout, -EACCES, 0);
ROW(key_search, -EACCES, 0);
ROW(key_link, -EACCES, 0);
ROW(key_id, -EACCES, 0);
ROW(key_persistent, -EACCES, 0);
ROW(key_chown, -EACCES, 0);
ROW(request_key, -EACCES, 0);
ROW(add_key, -EACCES, 0);

TEST_HARNESS_MAIN
